import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Readable } from 'node:stream';
import type { OutputChunk, OutputStream } from '../executor.ts';

const highWater = 1 << 20;
const lowWater = highWater / 4;
/** As much as a pipe can hold after its last writer of ours is gone. */
const drainLimit = 1 << 20;

/**
 * What a task prints, taken in from the start and handed out in the order of its arrival. Holds a
 * megabyte; beyond that the task waits for its reader.
 */
export class TaskOutput implements AsyncIterable<OutputChunk> {
  readonly #queue: OutputChunk[] = [];
  readonly #open = new Map<OutputStream, Readable>();
  #queuedBytes = 0;
  #taken = 0;
  #reader: 'none' | 'reading' | 'gone' = 'none';
  #wake = Promise.withResolvers<undefined>();
  #isClean = true;
  readonly #closed = Promise.withResolvers<boolean>();

  constructor(streams: Readonly<Record<OutputStream, Readable>>) {
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = streams[name];
      this.#open.set(name, stream);
      stream.on('data', (bytes: Buffer) => this.#take(name, bytes));
      // A pipe that breaks has no more to say.
      stream.on('error', () => stream.destroy());
      stream.once('close', () => this.#close(name, stream.readableEnded));
    }
  }

  /** Settles when both streams are closed: `true` when each came to its end, with no writer left. */
  get closed(): Promise<boolean> {
    return this.#closed.promise;
  }

  /** Nobody of the task can write any more: takes what is there already, then ends. */
  async finish(): Promise<void> {
    const limit = this.#taken + drainLimit;
    let before = -1;
    while (this.#open.size > 0 && this.#taken < limit) {
      if (this.#isFull()) await this.#wake.promise;
      else if (before === this.#taken) break;
      before = this.#taken;
      await nextTurn();
      await nextTurn();
    }
    this.destroy();
  }

  /** Ends it at once; what was taken in can still be read. */
  destroy(): void {
    for (const stream of this.#open.values()) stream.destroy();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<OutputChunk, void, undefined> {
    this.#reader = 'reading';
    try {
      for (;;) {
        const chunk = this.#queue.shift();
        if (chunk) {
          this.#queuedBytes -= chunk.bytes.length;
          if (this.#queuedBytes <= lowWater) this.#resume();
          yield chunk;
        } else if (this.#open.size === 0) return;
        else await this.#wake.promise;
      }
    } finally {
      // A reader that leaves must not make the task wait for ever.
      this.#reader = 'gone';
      this.#queue.length = 0;
      this.#queuedBytes = 0;
      this.#resume();
    }
  }

  #take(stream: OutputStream, bytes: Buffer): void {
    this.#taken += bytes.length;
    if (this.#reader === 'gone') return;
    this.#queue.push({ stream, bytes });
    this.#queuedBytes += bytes.length;
    if (this.#isFull()) for (const open of this.#open.values()) open.pause();
    this.#signal();
  }

  #isFull(): boolean {
    return this.#queuedBytes >= highWater;
  }

  #close(stream: OutputStream, hasEnded: boolean): void {
    this.#open.delete(stream);
    this.#isClean &&= hasEnded;
    if (this.#open.size === 0) this.#closed.resolve(this.#isClean);
    this.#signal();
  }

  #resume(): void {
    for (const stream of this.#open.values()) if (stream.isPaused()) stream.resume();
    this.#signal();
  }

  #signal(): void {
    this.#wake.resolve(undefined);
    this.#wake = Promise.withResolvers<undefined>();
  }
}
