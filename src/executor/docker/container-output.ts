import { setTimeout as delay } from 'node:timers/promises';

import { Frames } from './frames.ts';
import { KeptFrames } from './kept-frames.ts';

import type { Readable } from 'node:stream';
import type { OutputChunk, OutputStream } from '../executor.ts';
import type { Container } from './container.ts';

/** So soon after the end of its output a container's own end is heard of, when nothing went wrong. */
const usualMs = 1_500;
/** Between two looks at what the engine has kept. */
const pauseMs = 200;

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
  #hasEnded = false;
  #isBroken = false;
  #isReleased = false;

  constructor(attached: Readable, container: Container, ended: Promise<unknown>) {
    this.#attached = attached;
    this.#container = container;
    this.#ended = ended;
    attached.on('error', () => undefined);
    void ended.then(() => (this.#hasEnded = true));
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
      const attached = this.#attached as AsyncIterable<Buffer>;
      const frames = new Frames();
      yield* this.#take(attached, frames, { stdout: 0, stderr: 0 });
      this.#isBroken ||= frames.isWithin;
      for (let isAll = await this.#isAll(); !isAll && !this.#isReleased;) {
        // What is read while the container ends may lack its last words.
        const isComplete = this.#hasEnded;
        const kept = await this.#container.logs(isComplete).catch(() => undefined);
        if (!kept) return;
        const bytes = kept as unknown as AsyncIterable<Buffer>;
        yield* this.#take(bytes, new KeptFrames(), { ...this.#read });
        isAll = isComplete && !this.#isBroken;
        if (!isAll) await Promise.race([this.#ended, delay(pauseMs, undefined, { ref: false })]);
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
    for await (const data of this.#upToBreak(stream))
      for (const { stream: name, bytes } of frames.read(data)) {
        const fresh = bytes.subarray(skip[name]);
        skip[name] -= bytes.length - fresh.length;
        this.#read[name] += fresh.length;
        if (fresh.length > 0) yield { stream: name, bytes: fresh };
      }
  }

  async *#upToBreak(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    this.#isBroken = false;
    try {
      yield* stream;
    } catch {
      this.#isBroken = true;
    }
  }

  /** A connection may also be closed in good order although there is more to come: before the end. */
  async #isAll(): Promise<boolean> {
    if (this.#isBroken) return false;
    const closedMs = Date.now();
    await Promise.race([this.#ended, delay(usualMs, undefined, { ref: false })]);
    const info = await this.#container.inspect().catch(() => undefined);
    if (!info) return true;
    return !info.State.Running && Date.parse(info.State.FinishedAt) <= closedMs;
  }
}
