import type { CommandEnd, OutputChunk } from '../executor.ts';

const limit = 4_096;

/** What is kept of an output. */
export type Printed = Omit<CommandEnd, 'exit'>;

/** Keeps the end of an output, 4 KiB at most. */
export class OutputTail {
  #bytes = Buffer.alloc(0);
  #isCut = false;

  /** Reads to the end and gives what is kept, beginning with a whole character. */
  async read(output: AsyncIterable<OutputChunk>): Promise<Printed> {
    for await (const { bytes } of output) this.#add(bytes);
    const start = this.#isCut ? this.#bytes.findIndex((byte) => (byte & 0xc0) !== 0x80) : 0;
    return { output: this.#bytes.subarray(Math.max(start, 0)).toString(), isCut: this.#isCut };
  }

  #add(bytes: Buffer): void {
    if (this.#bytes.length + bytes.length > limit) this.#isCut = true;
    this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(-limit)]).subarray(-limit);
  }
}
