import assert from 'node:assert/strict';
import { it } from 'node:test';

import { LineWatch } from './line-watch.ts';

import type { OutputStream } from '../executor/executor.ts';

const told = ['+ echo up', 'up', '+ serve'];

function print(lines: LineWatch, text: string, stream: OutputStream = 'stdout'): void {
  lines.take({ stream, bytes: Buffer.from(text) });
}

it('a line in which a script tells of a command is none of the service', async () => {
  const lines = new LineWatch(told);
  const found = lines.find('up', AbortSignal.any([]));
  print(lines, '+ echo up\nup\n+ ser');
  assert.equal(lines.progress.text, 'not found in 0 lines so far');
  print(lines, 've\nup\n');
  assert.deepEqual(await found, { passed: true, text: 'up' });
  assert.equal(lines.progress.text, 'not found in 1 line so far');
});

it('a line of standard error is always one of the service', async () => {
  const lines = new LineWatch(told);
  const found = lines.find('echo', AbortSignal.any([]));
  print(lines, '+ echo up\n', 'stderr');
  assert.deepEqual(await found, { passed: true, text: '+ echo up' });
});
