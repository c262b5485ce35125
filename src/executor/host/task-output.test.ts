import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';

import { TaskOutput } from './task-output.ts';

function rig() {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  return { stdout, stderr, output: new TaskOutput({ stdout, stderr }) };
}

async function all(output: TaskOutput): Promise<string> {
  let text = '';
  for await (const { bytes } of output) text += bytes.toString();
  return text;
}

describe('the output of a task', () => {
  it('ends when both streams have', async () => {
    const { stdout, stderr, output } = rig();
    const text = all(output);
    stdout.end('a');
    stderr.end('b');
    assert.equal(await text, 'ab');
  });

  it('that a stranger keeps open ends after what is there, once the task is over', async () => {
    const { stdout, output } = rig();
    stdout.write('last words');
    await output.finish();
    assert.equal(await all(output), 'last words');
  });

  it('that a stranger keeps writing to ends too', async () => {
    const { stdout, output } = rig();
    const text = all(output);
    const writing = setInterval(() => stdout.write(Buffer.alloc(65_536, 'x')), 0);
    const flood = (): void => {
      if (!stdout.destroyed) {
        stdout.write(Buffer.alloc(65_536, 'x'));
        setImmediate(flood);
      }
    };
    flood();
    await output.finish();
    clearInterval(writing);
    assert.match(await text, /^x+$/);
  });

  it('is not lost when its reader comes after the end', async () => {
    const { stdout, stderr, output } = rig();
    const size = 3 << 20;
    for (let sent = 0; sent < size; sent += 1 << 16) stdout.write(Buffer.alloc(1 << 16, 'x'));
    stdout.end();
    stderr.end();
    const finished = output.finish();
    assert.equal((await all(output)).length, size);
    await finished;
  });

  it('goes on without a reader that left', async () => {
    const { stdout, stderr, output } = rig();
    stdout.write('one');
    for await (const chunk of output) {
      assert.equal(chunk.bytes.toString(), 'one');
      break;
    }
    for (let n = 0; n < 64; n++) stdout.write(Buffer.alloc(1 << 16));
    stdout.end();
    stderr.end();
    await output.finish();
    assert.ok(stdout.readableEnded);
  });
});
