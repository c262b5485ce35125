import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { openTestServer, writeRun } from '../../test/rig/server.ts';
import { goodStory } from '../../test/rig/stories.ts';
import { LineCutter } from './line-cutter.ts';
import { logBytes } from './log-text.ts';

import type { TestServer } from '../../test/rig/server.ts';
import type { OutputRecord, Recorded } from '../event/event.ts';
import type { LogHits } from './log-search.ts';
import type { LogLines } from './log-lines.ts';

const id = '20261121-223012-4k3f9';

type Output = Recorded<OutputRecord>;

const printed = (text: string, wish: Partial<Output> = {}): Output => ({
  ...{ type: 'output', task: 'build', stream: 'stdout', seq: 1, at: 1_000 },
  bytes: Buffer.from(text),
  ...wish,
});

/** A run, perhaps one that goes on, in which this is printed. */
async function withOutput(...outputs: readonly Output[]): Promise<TestServer> {
  const server = await openTestServer();
  const { records } = goodStory();
  await writeRun(server.stateDir, id, [records[0]!, ...outputs, records.at(-1)!]);
  return server;
}

const lines = async (server: TestServer, query = ''): Promise<LogLines & { ended: boolean }> =>
  (await server.ask({ url: `/api/v1/runs/${id}/logs/lines?task=build${query}` })).json();

const search = async (server: TestServer, query: string): Promise<LogHits> =>
  (await server.ask({ url: `/api/v1/runs/${id}/logs/search?task=build&text=${query}` })).json();

describe('the lines of a log', () => {
  it('have a number, a time and a source each', async () => {
    await using server = await withOutput(
      printed('one\ntwo\n'),
      printed('other\n', { task: 'unit-tests' }),
      printed('three\n', { stream: 'stderr', at: 2_000 }),
      printed('four', { at: 3_000 }),
    );
    const line = { task: 'build', stream: 'stdout', at: 1_000 };
    assert.deepEqual(await lines(server), {
      lines: [
        { ...line, n: 1, text: 'one' },
        { ...line, n: 2, text: 'two' },
        { ...line, n: 3, text: 'three', at: 2_000, stream: 'stderr' },
        { ...line, n: 4, text: 'four', at: 3_000 },
      ],
      total: 4,
      ended: true,
    });
    const some = await lines(server, '&from=2&count=2');
    assert.deepEqual(
      some.lines.map(({ n, text }) => [n, text]),
      [
        [2, 'two'],
        [3, 'three'],
      ],
    );
    assert.equal(some.total, 4);
    assert.deepEqual(await lines(server, '&from=5'), { lines: [], total: 4, ended: true });
  });

  it('are shown as in the end, with the colours that are on since a line before', async () => {
    await using server = await withOutput(
      printed('\x1b[31mred\n10%\r20%\n\x1b[2Jstill\x1b[0m\nplain\n'),
    );
    const texts = async (query: string) =>
      (await lines(server, query)).lines.map(({ text }) => text);
    const shown = ['\x1b[31mred\x1b[0m', '\x1b[31m20%\x1b[0m', '\x1b[31mstill\x1b[0m', 'plain'];
    assert.deepEqual(await texts(''), shown);
    assert.deepEqual(await texts('&from=3'), shown.slice(2));
  });

  it('are cut when they are very long, wherever their parts were printed', async () => {
    const long = 'x'.repeat(50_000);
    await using server = await withOutput(printed(long), printed(`${long}\n`), printed('short\n'));
    const [first, second] = (await lines(server)).lines;
    assert.deepEqual([first?.text.length, first?.cut], [65_536, true]);
    assert.deepEqual([second?.n, second?.text, second?.cut], [2, 'short', undefined]);
  });

  it('come in more than one answer when they are too much for one', async () => {
    const long = `${'x'.repeat(60_000)}\n`;
    await using server = await withOutput(printed(long.repeat(120)));
    const first = await lines(server);
    assert.equal(first.total, 120);
    assert.ok(first.lines.length > 50 && first.lines.length < 100, `${first.lines.length}`);
    const rest = await lines(server, `&from=${first.lines.length + 1}`);
    assert.equal(rest.lines.length, 120 - first.lines.length);
  });

  it('are those of the plain text, whoever printed which part when', async () => {
    const output = fc.record({
      task: fc.constantFrom('build', 'unit-tests'),
      stream: fc.constantFrom('stdout' as const, 'stderr' as const),
      text: fc.array(fc.constantFrom('a', 'bc', '\n'), { minLength: 1 }).map((all) => all.join('')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(output), fc.option(fc.constant('build')), async (all, task) => {
        const records = all.map(({ text, ...rest }, seq) => printed(text, { ...rest, seq }));
        const parts = await Array.fromAsync(logBytes(gone(records), task ?? undefined));
        const plain = Buffer.concat(parts).toString();
        const cutter = new LineCutter(task ?? undefined, () => true);
        const cut = records.flatMap((record) => cutter.add(record));
        const { total } = cutter;
        cut.push(...cutter.rest());
        const named = cut.map(
          (line) => `${task === null ? `${line.task} | ` : ''}${line.bytes.toString()}`,
        );
        assert.equal(named.join('\n'), plain.replace(/\n$/, ''));
        assert.deepEqual([total, cut.length], [named.length, named.length]);
        assert.deepEqual(
          cut.map(({ n }) => n),
          named.map((_, index) => index + 1),
        );
      }),
    );
  });
});

describe('the search in a log', () => {
  it('finds what is shown, in whatever colours, and counts it in the whole log', async () => {
    await using server = await withOutput(
      printed('an Error\nnothing\n\x1b[31mer\x1b[1mror\x1b[0m 2\n'),
      printed('other error\n', { task: 'unit-tests' }),
      printed('no err'),
      printed('or, says it\n'),
    );
    const all = { lines: [1, 3, 4], before: 0, total: 3, searched: 4 };
    assert.deepEqual(await search(server, 'error'), all);
    assert.deepEqual(await search(server, 'ERROR'), all);
    assert.deepEqual(await search(server, 'error&case=true'), { ...all, lines: [3, 4], total: 2 });
    assert.deepEqual(await search(server, 'error&from=2&limit=1'), {
      ...all,
      lines: [3],
      before: 1,
    });
    assert.deepEqual(await search(server, 'error&before=4&limit=1'), {
      ...{ ...all, lines: [3], before: 1 },
    });
    assert.deepEqual(await search(server, '%5B31m'), { ...all, lines: [], total: 0 });
  });

  it('gives any part of many hits, forwards and backwards', async () => {
    const text = Array.from({ length: 5_000 }, (_, index) => `${index % 2 ? 'hit' : 'no'}\n`);
    await using server = await withOutput(printed(text.join('')));
    const first = await search(server, 'hit&from=1001&limit=3');
    assert.deepEqual(first, {
      lines: [1_002, 1_004, 1_006],
      before: 500,
      total: 2_500,
      searched: 5_000,
    });
    const last = await search(server, 'hit&before=4000&limit=3');
    assert.deepEqual([last.lines, last.before], [[3_994, 3_996, 3_998], 1_996]);
  });

  it('refuses what cannot be meant', async () => {
    await using server = await withOutput(printed('x\n'));
    for (const [path, status] of [
      ['search?text=', 400],
      ['search', 400],
      ['search?text=x&from=1&before=2', 400],
      ['search?text=x&task=nobody', 404],
      ['lines?task=nobody', 404],
      ['lines?from=0', 400],
    ] as const)
      assert.equal(
        (await server.ask({ url: `/api/v1/runs/${id}/logs/${path}` })).statusCode,
        status,
        path,
      );
  });
});

async function* gone<T>(all: readonly T[]): AsyncGenerator<T> {
  for (const one of all) yield await Promise.resolve(one);
}
