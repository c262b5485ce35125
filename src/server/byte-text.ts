import { escapeJson, mostEscaped } from './escape-json.ts';

const firstBytes = 64 * 1_024;
/** So much is escaped at a time, so that there need not be room for the worst of all of it. */
const stepBytes = 4_096;

/**
 * A text that grows, as UTF-8. To be used again and again: buffers of this size are outside of the heap, and what is
 * thrown away there has all of the heap looked through for garbage every some ten megabytes.
 */
export class ByteText {
  #bytes = Buffer.allocUnsafeSlow(firstBytes);
  #used = 0;

  /** All of it, valid until it is cleared. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }

  clear(): void {
    this.#used = 0;
  }

  add(text: string): void {
    // No character of a string takes more than three bytes.
    this.#makeRoom(3 * text.length);
    this.#used += this.#bytes.write(text, this.#used);
  }

  /** Adds UTF-8 as it stands within a JSON string. */
  addEscaped(text: Buffer): void {
    for (let from = 0; from < text.length; from += stepBytes) {
      const step = text.subarray(from, from + stepBytes);
      this.#makeRoom(step.length * mostEscaped);
      this.#used = escapeJson(step, this.#bytes, this.#used);
    }
  }

  #makeRoom(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}
