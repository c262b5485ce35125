import assert from 'node:assert/strict';
import { it } from 'node:test';

import { MemoryPort } from '../../../test/rig/memory-port.ts';
import { imagesArrive, serviceDies } from '../../../test/rig/stories.ts';
import { Story, plan, service, step } from '../../../test/rig/story.ts';
import { plainReporter } from './plain-reporter.ts';

import type { Look } from '../../report/look.ts';

const plain = { color: false, unicode: true };

async function shown(story: Story, look: Look = plain): Promise<string[]> {
  const port = new MemoryPort();
  await plainReporter(port, look).run(story.read(), () => story.read());
  return port.text.split('\n');
}

it('tells a run line by line', async () => {
  const lines = await shown(serviceDies());
  assert.deepEqual(lines.slice(0, 33), [
    "              ▸ pipeline 'shop', run 20261121-223012-k3f9",
    'db            ▸ starting in the background',
    'db            ▸ running: pid 4712',
    'api           ▸ waiting for db',
    'build         ▸ waiting for db and api',
    'db            │ database system is ready to accept connections',
    'db            ▸ not ready after 2.3 s: tcp localhost:5432 was asked 97 times, last answer: connection refused',
    'db            ✓ ready after 2.4 s',
    'db            ▸ reached at localhost:5432',
    'api           ▸ starting in the background',
    'api           ▸ running: pid 4713',
    'api           │ listening on 8080',
    'api           ✓ ready after 600 ms',
    'build         ▸ started',
    'build         │ compiling…',
    'build         ✓ succeeded in 3.0 s',
    'unit-tests    ▸ started',
    'unit-tests    │ 120 passed',
    'unit-tests    ✓ succeeded in 2.0 s',
    'browser-tests ▸ started',
    'browser-tests │ opening /cart',
    'api           │ Error: out of ideas',
    'api           │     at cart.js:12',
    'api           ✗ died with exit code 1 after 6.7 s',
    'browser-tests ▸ was cancelled after 1.2 s',
    'deploy        ▸ skipped',
    'db            ▸ stopping with TERM, 10 s of grace',
    'db            ✓ stopped',
    '',
    '─'.repeat(60),
    "✗ service 'api' died with exit code 1 after 6.7 s, while step 'browser-tests' ran",
    '',
    "  service 'api' said:",
  ]);
  assert.match(lines.at(-2) ?? '', /continuo logs 20261121-223012-k3f9$/);
});

it('uses ASCII only where nothing else is understood', async () => {
  const story = new Story(plan('p', service('db'), step('a')))
    .says('db', 'up\n')
    .tell({ type: 'service.ready', service: 'db', afterMs: 5 })
    .tell({ type: 'step.ended', step: 'a', outcome: 'skipped' })
    .tell({ type: 'run.ended', outcome: 'succeeded' });
  const text = (await shown(story, { color: false, unicode: false })).join('\n');
  // eslint-disable-next-line no-control-regex -- All of ASCII.
  assert.match(text, /^[\x00-\x7f]*$/);
  assert.match(text, /^db {3}\| up\ndb {3}\+ ready after 5 ms$/m);
});

it('cuts names that are too long for their column', async () => {
  const name = 'a-step-with-a-very-long-name';
  const story = new Story(plan('p', step(name), step('b'))).says(name, 'x\n').says('b', 'y\n');
  assert.deepEqual((await shown(story)).slice(1, 3), [
    'a-step-with-a-very-… │ x',
    'b                    │ y',
  ]);
});

it('tells answers of a probe when they change, and seldom while they do not', async () => {
  const story = new Story(plan('p', service('db'), step('a'))).tell({
    type: 'service.starting',
    service: 'db',
    start: 1,
  });
  const answers = ['refused', 'refused', 'refused', 'status 503', 'status 503'];
  for (const [index, answer] of answers.entries())
    story.at(1_000 + index * 2_000).tell({
      type: 'service.asked',
      service: 'db',
      asked: [{ probe: 'http', passed: false, times: index + 1, answer }],
    });
  const told = (await shown(story)).filter((line) => line.includes('not ready'));
  assert.deepEqual(told, [
    'db   ▸ not ready after 3.0 s: http was asked 2 times, last answer: refused',
    'db   ▸ not ready after 7.0 s: http was asked 4 times, last answer: status 503',
  ]);
});

it('shows the end of a line that a task left open, before the task’s end', async () => {
  const story = new Story(plan('p', step('a')))
    .tell({ type: 'step.started', step: 'a', attempt: 1 })
    .says('a', '10%\r99%')
    .tell({ type: 'step.ended', step: 'a', outcome: 'succeeded' });
  assert.deepEqual((await shown(story)).slice(2, 4), ['a    │ 99%', 'a    ✓ succeeded in 0 ms']);
});

it('marks stderr by the colour of its bar', async () => {
  const story = new Story(plan('p', step('a'))).says('a', 'out\n').says('a', 'err\n', 'stderr');
  assert.deepEqual((await shown(story, { color: true, unicode: true })).slice(1, 3), [
    '\x1b[36ma   \x1b[0m \x1b[2m│\x1b[0m out',
    '\x1b[36ma   \x1b[0m \x1b[31m│\x1b[0m err',
  ]);
});

it('tells when the pull of an image begins, when it is there, and what it took', async () => {
  assert.deepEqual((await shown(imagesArrive())).slice(0, 14), [
    "           ▸ pipeline 'shop', run 20261121-223012-k3f9",
    '           ▸ pulling redis:7',
    '           ▸ pulling ghcr.io/acme/node:24',
    'db         ▸ starting in the background',
    'lint       ▸ waiting for db',
    '           ! image ghcr.io/acme/node:24: it could not be pulled from ghcr.io: 503 Service Unavailable; trying again in 2 s',
    '           ✓ pulled redis:7 in 4.0 s, 38.1 MB in 6 layers',
    'db         ▸ running: container 3f2a91c0',
    'db         ▸ reached at db:6379 from containers, 172.18.0.2:6379 from the host',
    'db         ✓ ready after 40 ms',
    'lint       ▸ started',
    '           ✓ pulled ghcr.io/acme/node:24 in 5.0 s, 300.0 kB in 6 layers',
    'lint       ✓ succeeded in 2.0 s',
    '',
  ]);
});

it('tells of a pull that takes long now and then how far it has come', async () => {
  const story = new Story(plan('p', step('a')));
  const image = 'big:1';
  for (let second = 0; second <= 70; second++) {
    const doneBytes = second * 1_000_000;
    const figures = { doneBytes, totalBytes: 100_000_000, doneLayers: 0, totalLayers: 1 };
    const progress = { kind: 'pulling', image, ...figures } as const;
    story.at(second * 1_000).tell({ type: 'image.progress', progress });
  }
  const detail = "registry.test has image 'big', but no tag '1'";
  story.tell({ type: 'image.progress', progress: { kind: 'missing', image, detail } });
  assert.deepEqual((await shown(story)).slice(1, 5), [
    '     ▸ pulling big:1: 0.0/100.0 MB, 0 of 1 layer',
    '     ▸ pulling big:1: 30.0/100.0 MB, 0 of 1 layer',
    '     ▸ pulling big:1: 60.0/100.0 MB, 0 of 1 layer',
    `     ✗ image big:1 cannot be had: ${detail}`,
  ]);
});

it('says of an image that could not be had that it is there after all, and how', async () => {
  const image = 'app:1';
  const detail = "registry.test has no image 'app'";
  const missing = { type: 'image.progress', progress: { kind: 'missing', image, detail } } as const;
  const there = (pulled: boolean) =>
    ({ type: 'image.progress', progress: { kind: 'there', image, pulled } }) as const;
  const made = new Story(plan('p', step('a'))).tell(missing, there(false));
  assert.deepEqual((await shown(made)).slice(1, 3), [
    `     ✗ image app:1 cannot be had: ${detail}`,
    '     ▸ app:1 is there, and nothing had to be pulled',
  ]);
  const figures = { doneBytes: 300_000, totalBytes: 300_000, doneLayers: 1, totalLayers: 1 };
  const pulling = {
    type: 'image.progress',
    progress: { kind: 'pulling', image, ...figures },
  } as const;
  const late = new Story(plan('p', step('a'))).tell(missing).at(60_000).tell(pulling);
  assert.deepEqual((await shown(late.at(62_000).tell(there(true)))).slice(3, 4), [
    '     ✓ pulled app:1 in 2.0 s, 300.0 kB in 1 layer',
  ]);
});

it('says of an image that was asked for anew and is the same that nothing was pulled', async () => {
  const image = 'alpine:latest';
  const none = { doneBytes: 0, totalBytes: 0, doneLayers: 0, totalLayers: 0 };
  const story = new Story(plan('p', step('a'))).tell(
    { type: 'image.progress', progress: { kind: 'pulling', image, ...none } },
    { type: 'image.progress', progress: { kind: 'there', image, pulled: false } },
  );
  assert.deepEqual((await shown(story)).slice(1, 3), [
    '     ▸ pulling alpine:latest',
    '     ▸ alpine:latest is there, and nothing had to be pulled',
  ]);
});
