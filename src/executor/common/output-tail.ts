import type { OutputChunk } from '../executor.ts';

const limit = 4_096;

/** Keeps the end of an output, 4 KiB at most. */
export class OutputTail {
  #bytes = Buffer.alloc(0);

  /** Reads to the end and gives what is kept, beginning with a whole character. */
  async read(output: AsyncIterable<OutputChunk>): Promise<string> {
    for await (const { bytes } of output)
      this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(-limit)]).subarray(-limit);
    const start = this.#bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
    return this.#bytes.subarray(this.#bytes.length < limit ? 0 : Math.max(start, 0)).toString();
  }
}
