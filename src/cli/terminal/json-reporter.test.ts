import assert from 'node:assert/strict';
import { it } from 'node:test';

import fc from 'fast-check';

import { MemoryPort } from '../../../test/rig/memory-port.ts';
import { serviceDies } from '../../../test/rig/stories.ts';
import { Story, plan, service, step, storyStart } from '../../../test/rig/story.ts';
import { jsonReporter } from './json-reporter.ts';

async function shown(story: Story): Promise<unknown[]> {
  const port = new MemoryPort();
  await jsonReporter(port).run(story.read(), () => story.read());
  assert.ok(port.text.endsWith('\n'));
  return port.text
    .slice(0, -1)
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

it('prints every event as it is, and nothing else', async () => {
  const story = serviceDies();
  const events = story.records.filter(({ type }) => type !== 'output');
  const lines = await shown(story);
  assert.deepEqual(
    lines.filter((line) => (line as { type: string }).type !== 'output'),
    JSON.parse(JSON.stringify(events)),
  );
});

it('prints output line by line', async () => {
  const story = new Story(plan('p', step('a'))).says('a', 'one\n\n"thr\tee"\n', 'stderr');
  const head = { type: 'output', seq: 1, at: storyStart, task: 'a', stream: 'stderr' };
  assert.deepEqual((await shown(story)).slice(1), [
    { ...head, text: 'one' },
    { ...head, text: '' },
    { ...head, text: '"thr\tee"' },
  ]);
});

it('marks the parts of a long line, and keeps characters whole', async () => {
  const bytes = Buffer.from('日\n');
  const story = new Story(plan('p', step('a')))
    .says('a', Buffer.concat([Buffer.from('x'), bytes.subarray(0, 1)]))
    .says('a', bytes.subarray(1))
    .says('a', Buffer.from([0xff, 0x0a]));
  const head = { type: 'output', at: storyStart, task: 'a', stream: 'stdout' };
  assert.deepEqual((await shown(story)).slice(1), [
    { ...head, seq: 1, text: 'x', partial: true },
    { ...head, seq: 2, text: '日' },
    { ...head, seq: 3, text: '\ufffd' },
  ]);
});

it('marks only parts that go on, and ends every line with its task', async () => {
  const end = { kind: 'died', exit: { kind: 'code', code: 1 }, afterMs: 1 } as const;
  const cut = Buffer.from('日').subarray(0, 1);
  const story = new Story(plan('p', service('db'), step('a')))
    .says('db', Buffer.concat([Buffer.from('half'), cut]))
    .says('a', 'long')
    .says('a', 'er')
    .tell({ type: 'service.restarting', service: 'db', end, nth: 1, times: 3, delayMs: 1 })
    .says('db', 'again\n')
    .says('a', '\n')
    .says('a', 'last');
  const told = (await shown(story)).map((line) => {
    const { task, text, partial, type } = line as Record<string, unknown>;
    return type === 'output' ? [task, text, ...(partial === true ? ['goes on'] : [])] : type;
  });
  assert.deepEqual(told.slice(1), [
    ['a', 'long', 'goes on'],
    ['db', 'half\ufffd'],
    'service.restarting',
    ['db', 'again'],
    ['a', 'er'],
    ['a', 'last'],
  ]);
});

it('tells every line as it was, however it came, and nothing that a terminal obeys', async () => {
  const some = fc.constantFrom('a', '"', '\\', '\n', '日', '\u0085', '\u007f', '\x1b[1m', '°');
  const told = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.array(some), fc.nat(3)));
  await fc.assert(
    fc.asyncProperty(told, async (all) => {
      const story = new Story(plan('p', step('a'), step('b')));
      for (const [task, parts, cut] of all) {
        const bytes = Buffer.from(parts.join(''));
        story.says(task, bytes.subarray(0, cut)).says(task, bytes.subarray(cut));
      }
      const port = new MemoryPort();
      await jsonReporter(port).run(story.read(), () => story.read());
      // eslint-disable-next-line no-control-regex -- These are what it is about.
      assert.doesNotMatch(port.text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
      for (const task of ['a', 'b']) {
        const said = all.filter(([of]) => of === task).flatMap(([, parts]) => parts);
        assert.equal(textOf(task, port.text).replace(/\n$/, ''), said.join('').replace(/\n$/, ''));
      }
    }),
  );
});

/** What a task said, put together again. */
function textOf(task: string, lines: string): string {
  const records = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { task?: string; text?: string; partial?: boolean });
  return records
    .filter((record) => record.task === task && record.text !== undefined)
    .map(({ text, partial }) => `${text}${partial === true ? '' : '\n'}`)
    .join('');
}
