import { setTimeout as delay } from 'node:timers/promises';

import { Frames } from './frames.ts';
import { KeptFrames } from './kept-frames.ts';

import type { Readable } from 'node:stream';
import type { OutputChunk, OutputStream } from '../executor.ts';
import type { Container } from './container.ts';

/** So soon after the end of its output a container's own end is heard of, when nothing went wrong. */
const usualMs = 1_500;
/** So soon that nobody looks whether it came first. */
const soonMs = 50;

/**
 * What a container prints, byte for byte. When the connection breaks that it comes by, the rest is
 * read from what the engine has kept.
 */
export class ContainerOutput implements AsyncIterable<OutputChunk> {
  readonly #attached: Readable;
  readonly #container: Container;
  readonly #ended: Promise<unknown>;
  readonly #read: Record<OutputStream, number> = { stdout: 0, stderr: 0 };
  readonly #finished = Promise.withResolvers<undefined>();
  #hasReader = false;
  #isBroken = false;
  #isReleased = false;

  constructor(attached: Readable, container: Container, ended: Promise<unknown>) {
    this.#attached = attached;
    this.#container = container;
    this.#ended = ended;
    attached.on('error', () => undefined);
  }

  /** Settles once all was read, or when the container has ended and nobody reads. */
  get drained(): Promise<unknown> {
    return this.#hasReader ? this.#finished.promise : this.#ended;
  }

  /** Reads no further than it has: its container may outlive us. */
  release(): void {
    this.#isReleased = true;
    this.#attached.destroy();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<OutputChunk, void, undefined> {
    this.#hasReader = true;
    try {
      yield* this.#take(this.#attached as AsyncIterable<Buffer>, { stdout: 0, stderr: 0 });
      while (!this.#isReleased && !(await this.#isAll())) {
        const kept = await this.#container.logs().catch(() => undefined);
        if (!kept) return;
        // What the engine has kept ends with a newline, though the last line may have had none.
        yield* this.#take(kept as unknown as AsyncIterable<Buffer>, { ...this.#read });
      }
    } finally {
      this.#finished.resolve(undefined);
    }
  }

  /** Takes a stream apart but for what was had before. Does not throw when it breaks. */
  async *#take(
    stream: AsyncIterable<Buffer>,
    frames: Pick<Frames, 'read'>,
    skip: Record<OutputStream, number>,
  ): AsyncGenerator<OutputChunk, void, undefined> {
    this.#isBroken = false;
    try {
      for await (const data of stream)
        for (const { stream: name, bytes } of frames.read(data)) {
          const fresh = bytes.subarray(skip[name]);
          skip[name] -= bytes.length - fresh.length;
          this.#read[name] += fresh.length;
          if (fresh.length > 0) yield { stream: name, bytes: fresh };
        }
    } catch {
      this.#isBroken = true;
    }
  }

  /** A connection may also be closed in good order although there is more to come. */
  async #isAll(): Promise<boolean> {
    if (this.#isBroken) return false;
    const closedMs = Date.now();
    const isOver = this.#ended.then(() => true);
    const isLate = delay(usualMs, false, { ref: false });
    if (!(await Promise.race([isOver, isLate]))) return false;
    if (Date.now() - closedMs < soonMs) return true;
    const state = await this.#container.inspect().catch(() => undefined);
    return !(Date.parse(state?.State.FinishedAt ?? '') > closedMs);
  }
}
