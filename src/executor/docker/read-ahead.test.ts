import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { readAhead } from './read-ahead.ts';

const closed = (stream: PassThrough): Promise<void> =>
  new Promise((resolve) => void stream.once('close', resolve));

describe('a stream that is read ahead', () => {
  it('takes in what comes while nobody reads, and has all of it', async () => {
    const stream = new PassThrough({ highWaterMark: 16 });
    const ahead = readAhead(stream);
    const bytes = Buffer.alloc(4_000_000, 'x');
    const isTaken = new Promise<void>((resolve) => stream.write(bytes, () => resolve()));
    await isTaken;
    stream.end('end');
    const all = Buffer.concat(await Array.fromAsync(ahead as AsyncIterable<Buffer>));
    assert.ok(all.equals(Buffer.concat([bytes, Buffer.from('end')])));
  });

  it('is not taken in faster than it is read, once it is', async () => {
    let taken = 0;
    const stream = new Readable({
      read() {
        // The first alone, until that is read.
        if (taken < 1 || ahead.readableDidRead) this.push(Buffer.alloc(64 * 1_024));
        taken++;
      },
    });
    const ahead = readAhead(stream);
    const chunks = ahead[Symbol.asyncIterator]();
    await chunks.next();
    stream.push(Buffer.alloc(64 * 1_024));
    for (let turns = 0; turns < 1_000; turns++) await turn();
    assert.ok(taken < 10, `${taken} taken`);
    for (let read = 0; read < 100; read++) await chunks.next();
    assert.ok(taken >= 100, `${taken} taken`);
    ahead.destroy();
  });

  it('breaks where the stream does, for whoever reads then', async () => {
    const stream = new PassThrough();
    const ahead = readAhead(stream);
    stream.destroy(new Error('reset'));
    await closed(stream);
    await assert.rejects(Array.fromAsync(ahead as AsyncIterable<Buffer>));
  });

  it('is destroyed together with it', async () => {
    const stream = new PassThrough();
    readAhead(stream).destroy();
    await closed(stream);
    assert.ok(stream.destroyed);
  });
});
