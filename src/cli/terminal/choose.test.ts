import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';

import { goodStory } from '../../../test/rig/stories.ts';
import { reporterFor } from './choose.ts';

import type { Wish } from './choose.ts';

const terminal = { isTTY: true, columns: 80, rows: 24 };
const hideCursor = '\x1b[?25l';

async function shown(wish: Partial<Wish>, kind: object): Promise<string> {
  const stream = Object.assign(new PassThrough(), kind);
  const all = text(stream);
  const env = { TERM: 'xterm', LANG: 'C.UTF-8' };
  const story = goodStory();
  const reporter = reporterFor({ format: 'auto', env, flags: {}, stream, ...wish });
  await reporter.run(story.read(), () => story.read());
  stream.end();
  return all;
}

it('is live on a terminal', async () => {
  assert.ok((await shown({}, terminal)).startsWith(hideCursor));
});

it('is plain where nothing can be redrawn, and where it is wished', async () => {
  assert.match(await shown({}, {}), /^build {9}│ compiling…$/m);
  assert.match(
    await shown({ env: { CI: '1' }, flags: { color: false } }, terminal),
    /^build {9}\| compiling…$/m,
  );
  assert.ok(!(await shown({ format: 'plain' }, terminal)).includes(hideCursor));
});

it('is JSON only where it is wished', async () => {
  assert.match(await shown({ format: 'json' }, terminal), /^\{"seq":0,/);
});
