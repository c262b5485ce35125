import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';

import { Unblocked, unblocked } from './unblocked.ts';

/** Both ends of a pipe, neither of which waits. */
function openPipe(): { reader: number; writer: number } & Disposable {
  const dir = mkdtempSync(join(tmpdir(), 'continuo-unblocked-'));
  const path = join(dir, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  return {
    reader,
    writer,
    [Symbol.dispose]: () => {
      closeSync(writer);
      rmSync(dir, { recursive: true });
    },
  };
}

function readSome(fd: number): string {
  const buffer = Buffer.alloc(65_536);
  try {
    return buffer.toString('latin1', 0, readSync(fd, buffer));
  } catch {
    return '';
  }
}

const turn = (): Promise<void> => new Promise((next) => setImmediate(next));

describe('an unblocked terminal', () => {
  it('lets others go on while it takes nothing, and gets everything in the end', async () => {
    using pipe = openPipe();
    const stream = new Unblocked(pipe.writer, new PassThrough());
    const text = Array.from({ length: 60_000 }, (_, n) => `${n}\n`).join('');
    assert.equal(stream.write(text), false);
    stream.write('the end');
    for (let turns = 0; turns < 100; turns++) await turn();
    assert.equal(stream.writableNeedDrain, true, 'it is full, and we have come this far');
    let told = '';
    while (!told.endsWith('the end')) {
      told += readSome(pipe.reader);
      await turn();
    }
    assert.equal(told, `${text}the end`);
    closeSync(pipe.reader);
  });

  it('drops what it is told once nobody is there', async () => {
    using pipe = openPipe();
    closeSync(pipe.reader);
    const stream = new Unblocked(pipe.writer, new PassThrough());
    await new Promise<void>((done) => {
      stream.end('for nobody', done);
    });
    assert.equal(stream.errored, null);
  });

  it('has the size of the terminal, and tells when that changes', () => {
    using pipe = openPipe();
    const terminal = Object.assign(new PassThrough(), { columns: 80, rows: 24 });
    const stream = new Unblocked(pipe.writer, terminal);
    let size = '';
    stream.on('resize', () => (size = `${stream.columns} x ${stream.rows}`));
    Object.assign(terminal, { columns: 100, rows: 50 }).emit('resize');
    assert.equal(size, '100 x 50');
    closeSync(pipe.reader);
  });

  it('is only for terminals that can be opened once more', () => {
    const pipe = Object.assign(new PassThrough(), { fd: 1 });
    assert.equal(unblocked(pipe), pipe);
    const closed = Object.assign(new PassThrough(), { fd: 999_999, isTTY: true });
    assert.equal(unblocked(closed), closed);
  });
});
