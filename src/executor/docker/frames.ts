import type { OutputChunk, OutputStream } from '../executor.ts';

/** What a frame's first byte says it is of. 0, the input, is never sent. */
const streams: Readonly<Record<number, OutputStream>> = { 1: 'stdout', 2: 'stderr' };
const headerBytes = 8;

/**
 * Takes an attached stream apart as it comes: frames of eight bytes (the stream, three zeros, the
 * length as a big-endian number) and so many bytes of output. Nothing is copied or held back: a
 * frame that is long comes in several chunks.
 */
export class Frames {
  #header = Buffer.alloc(0);
  #stream: OutputStream = 'stdout';
  #left = 0;
  readonly #onBegin: ((stream: OutputStream, bytes: number) => void) | undefined;

  /** `onBegin` hears of each frame, also of an empty one, before what is in it is read. */
  constructor(onBegin?: (stream: OutputStream, bytes: number) => void) {
    this.#onBegin = onBegin;
  }

  /** A frame or its header has begun and is not whole. */
  get isWithin(): boolean {
    return this.#left > 0 || this.#header.length > 0;
  }

  *read(data: Buffer): Generator<OutputChunk> {
    let at = 0;
    while (at < data.length) {
      if (this.#left > 0) {
        const bytes = data.subarray(at, at + this.#left);
        at += bytes.length;
        this.#left -= bytes.length;
        yield { stream: this.#stream, bytes };
        continue;
      }
      const missing = headerBytes - this.#header.length;
      this.#header = Buffer.concat([this.#header, data.subarray(at, at + missing)]);
      at += missing;
      if (this.#header.length < headerBytes) return;
      this.#stream = streams[this.#header[0]!] ?? 'stdout';
      this.#left = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
      this.#onBegin?.(this.#stream, this.#left);
    }
  }
}
