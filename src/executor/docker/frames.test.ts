import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { Frames } from './frames.ts';

import type { OutputChunk, OutputStream } from '../executor.ts';

const numbers = { stdout: 1, stderr: 2 } as const;

function frame(stream: OutputStream, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = numbers[stream];
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** Every byte of output with the stream it is of, in order. */
const bytesOf = (chunks: Iterable<OutputChunk>): string[] =>
  [...chunks].flatMap(({ stream, bytes }) => [...bytes].map((byte) => `${stream} ${byte}`));

const readAll = (frames: Frames, pieces: readonly Buffer[]): OutputChunk[] =>
  pieces.flatMap((piece) => [...frames.read(piece)]);

describe('frames', () => {
  it('are taken apart in order, however they are cut, and nothing is held back', () => {
    const someFrame = fc.record({
      stream: fc.constantFrom<OutputStream>('stdout', 'stderr'),
      bytes: fc.uint8Array({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(
        fc.array(someFrame),
        fc.infiniteStream(fc.integer({ min: 0, max: 12 })),
        (all, sizes) => {
          const sent = Buffer.concat(all.map(({ stream, bytes }) => frame(stream, bytes)));
          // What must have been read once so many bytes have come.
          const due = all.flatMap(({ stream, bytes }) => [
            ...Array<undefined>(8).fill(undefined),
            ...[...bytes].map((byte) => `${stream} ${byte}`),
          ]);
          const frames = new Frames();
          const read: string[] = [];
          for (let at = 0; at < sent.length;) {
            const { value: size = 0 } = sizes.next() as IteratorResult<number, undefined>;
            read.push(...bytesOf(frames.read(sent.subarray(at, at + size))));
            at += size;
            assert.deepEqual(
              read,
              due.slice(0, at).filter((byte) => byte !== undefined),
            );
          }
        },
      ),
    );
  });

  it('come in several chunks when they are long, of the very memory they arrived in', () => {
    const long = frame('stderr', Buffer.alloc(100_000, 'x'));
    const pieces = [long.subarray(0, 65_536), long.subarray(65_536)];
    const chunks = readAll(new Frames(), pieces);
    assert.deepEqual(
      chunks.map(({ stream, bytes }) => [stream, bytes.length]),
      [
        ['stderr', 65_536 - 8],
        ['stderr', 100_000 - 65_536 + 8],
      ],
    );
    assert.ok(chunks.every(({ bytes }) => bytes.buffer === long.buffer));
  });

  it('may be longer than a signed number tells', () => {
    const header = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    const chunks = readAll(new Frames(), [header, Buffer.from('a'), Buffer.from('b')]);
    assert.equal(Buffer.concat(chunks.map(({ bytes }) => bytes)).toString(), 'ab');
  });

  it('may be empty, or of a stream that nobody knows', () => {
    const odd = frame('stdout', Buffer.from('odd'));
    odd[0] = 0;
    const empty = frame('stderr', Buffer.alloc(0));
    const chunks = readAll(new Frames(), [empty, odd, empty]);
    assert.deepEqual(chunks, [{ stream: 'stdout', bytes: Buffer.from('odd') }]);
  });
});
