import { Frames } from './frames.ts';

import type { OutputChunk, OutputStream } from '../executor.ts';

/** In pieces of so many bytes an engine keeps a line that is longer. */
const pieceBytes = 16 * 1024;
const newline = 10;

interface Frame {
  readonly bytes: number;
  /** The frame before it was a piece of the same line. */
  readonly goesOn: boolean;
  last: number | undefined;
}

/**
 * Takes apart output that an engine has kept, in which each frame is a line or a piece of one. The
 * driver `local` of Docker 20.10 forgets the newline after the last piece of a line: it is put back
 * where one can know of it. That is not so when nothing follows, which may be a line that never had
 * one, or when the last piece was as long as the others.
 */
export class KeptFrames {
  readonly #frames = new Frames((stream, bytes) => this.#begin(stream, bytes));
  readonly #latest: Partial<Record<OutputStream, Frame>> = {};
  readonly #owed: Record<OutputStream, number> = { stdout: 0, stderr: 0 };

  *read(data: Buffer): Generator<OutputChunk> {
    for (const chunk of this.#frames.read(data)) {
      const { stream, bytes } = chunk;
      for (; this.#owed[stream] > 0; this.#owed[stream] -= 1)
        yield { stream, bytes: Buffer.of(newline) };
      this.#latest[stream]!.last = bytes.at(-1);
      yield chunk;
    }
  }

  #begin(stream: OutputStream, bytes: number): void {
    const before = this.#latest[stream];
    const isOpen = before?.last !== newline;
    const goesOn = before?.bytes === pieceBytes && isOpen;
    if (before?.goesOn === true && isOpen && !goesOn) this.#owed[stream] += 1;
    this.#latest[stream] = { bytes, goesOn, last: undefined };
  }
}
