import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { ContainerOutput } from './container-output.ts';

import type { OutputStream } from '../executor.ts';
import type { Container } from './container.ts';

type Said = readonly [stream: OutputStream, text: string];

const frame = ([stream, said]: Said): Buffer => {
  const bytes = Buffer.from(said);
  const header = Buffer.alloc(8);
  header[0] = stream === 'stdout' ? 1 : 2;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
};

const framesOf = (all: readonly Said[]): Buffer => Buffer.concat(all.map(frame));

/** A connection that brings so many bytes, and then ends, breaks, or stays open. */
function connection(bytes: Buffer, then: 'end' | 'break' | 'stay' = 'end'): PassThrough {
  const stream = new PassThrough();
  stream.on('error', () => undefined);
  if (bytes.length > 0) stream.write(bytes);
  if (then === 'end') stream.end();
  // Once what it brought has been read.
  if (then === 'break')
    stream.on('data', () => setImmediate(() => stream.destroy(new Error('reset')))).pause();
  if (then === 'break' && bytes.length === 0) stream.destroy(new Error('reset'));
  return stream;
}

/** A container, running still or ended long ago, whose output the engine has kept; each time it is asked for, the next of these. */
function container(...kept: (PassThrough | Error)[]): Container & { asked: number } {
  const Running = kept.length > 0;
  return {
    asked: 0,
    inspect: () => Promise.resolve({ State: { Running, FinishedAt: '2026-01-01T00:00:00Z' } }),
    logs(this: { asked: number }) {
      const next = kept[Math.min(this.asked++, kept.length - 1)];
      return next instanceof PassThrough
        ? Promise.resolve(next)
        : Promise.reject(next ?? new Error());
    },
  } as unknown as Container & { asked: number };
}

const read = async (output: ContainerOutput): Promise<Record<OutputStream, string>> => {
  const all = { stdout: '', stderr: '' };
  for await (const { stream, bytes } of output) all[stream] += bytes.toString();
  return all;
};

const said: readonly Said[] = [
  ['stdout', 'one\n'],
  ['stderr', 'oh\n'],
  ['stdout', 'two\n'],
];
const whole = { stdout: 'one\ntwo\n', stderr: 'oh\n' };
const over = Promise.resolve();

describe('the output of a container', () => {
  it('is what comes by its connection, when that ends with it', async () => {
    const asked = container();
    const output = new ContainerOutput(connection(framesOf(said)), asked, over);
    assert.deepEqual(await read(output), whole);
    assert.equal(asked.asked, 0);
  });

  it('goes on with what the engine has kept when the connection breaks, wherever that was', async () => {
    const all = framesOf(said);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: all.length }), { maxLength: 3 }), async (cuts) => {
        const broken = cuts.map((cut) => connection(all.subarray(0, cut), 'break'));
        const [first = connection(all), ...later] = broken;
        const output = new ContainerOutput(first, container(...later, connection(all)), over);
        assert.deepEqual(await read(output), whole);
      }),
      { numRuns: 50 },
    );
  });

  it('goes on likewise when the connection ends within a frame and the container has ended, too', async () => {
    const all = framesOf(said);
    const [ends] = said.reduce<[number[], number]>(
      ([before, at], each) => [[...before, at + frame(each).length], at + frame(each).length],
      [[0], 0],
    );
    for (let cut = 0; cut < all.length; cut += 1) {
      if (ends.includes(cut)) continue;
      const ended = container();
      const kept = Object.assign(container(connection(all)), { inspect: () => ended.inspect() });
      const output = new ContainerOutput(connection(all.subarray(0, cut)), kept, over);
      assert.deepEqual(await read(output), whole, `cut after ${cut}`);
    }
  });

  it('goes on likewise when the connection ends and the container does not', async () => {
    const ended = Promise.withResolvers<undefined>();
    const kept = connection(framesOf(said));
    kept.once('end', () => ended.resolve(undefined));
    const output = new ContainerOutput(
      connection(framesOf(said.slice(0, 1))),
      container(kept),
      ended.promise,
    );
    assert.deepEqual(await read(output), whole);
  });

  it('ends where the engine has kept nothing', async () => {
    const output = new ContainerOutput(
      connection(framesOf(said.slice(0, 1)), 'break'),
      container(new Error('no such container')),
      over,
    );
    assert.deepEqual(await read(output), { stdout: 'one\n', stderr: '' });
  });

  it('is handed over as it comes', async () => {
    const attached = connection(framesOf(said.slice(0, 1)), 'stay');
    const output = new ContainerOutput(attached, container(), over)[Symbol.asyncIterator]();
    assert.equal((await output.next()).value?.bytes.toString(), 'one\n');
    attached.end(framesOf(said.slice(1)));
    assert.equal((await output.next()).value?.bytes.toString(), 'oh\n');
    assert.equal((await output.next()).value?.bytes.toString(), 'two\n');
    assert.equal((await output.next()).done, true);
  });
});

describe('drained', () => {
  it('waits for the last byte to be read', async () => {
    const output = new ContainerOutput(connection(framesOf(said)), container(), over);
    const iterator = output[Symbol.asyncIterator]();
    await iterator.next();
    let isDrained = false;
    void output.drained.then(() => (isDrained = true));
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      assert.equal(isDrained, false);
    await output.drained;
  });

  it('waits no more for a reader who has left', async () => {
    const output = new ContainerOutput(connection(framesOf(said)), container(), over);
    const iterator = output[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return();
    await output.drained;
  });

  it('waits for the end of the container when nobody reads, even if the connection breaks', async () => {
    const ended = Promise.withResolvers<string>();
    const attached = connection(framesOf(said), 'stay');
    const output = new ContainerOutput(attached, container(), ended.promise);
    attached.destroy(new Error('reset'));
    ended.resolve('ended');
    assert.equal(await output.drained, 'ended');
  });
});
