import { countNewlines } from './count-newlines.ts';
import { escapeByte, escapeJson, mostEscaped } from './escape-json.ts';

/** So much is escaped at a time, so that there need not be room for the worst of all of it. */
const stepBytes = 4_096;
const newline = 0x0a;

/**
 * A text that grows, as UTF-8. To be used again and again: buffers of this size are outside of the heap, and what is
 * thrown away there has all of the heap looked through for garbage every some ten megabytes.
 */
export class ByteText {
  #bytes = Buffer.alloc(0);
  #used = 0;

  get length(): number {
    return this.#used;
  }

  /** All of it, valid until it is changed or cleared. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }

  clear(): void {
    this.#used = 0;
  }

  add(text: string | Buffer): void {
    if (typeof text === 'string') {
      // No character of a string takes more than three bytes.
      this.#makeRoom(3 * text.length);
      this.#used += this.#bytes.write(text, this.#used);
      return;
    }
    this.#makeRoom(text.length);
    this.#used += text.copy(this.#bytes, this.#used);
  }

  /** Adds UTF-8 as it stands within a JSON string. */
  addEscaped(text: Buffer): void {
    for (let from = 0; from < text.length; from += stepBytes) {
      const step = text.subarray(from, from + stepBytes);
      this.#makeRoom(step.length * mostEscaped);
      this.#used = escapeJson(step, this.#bytes, this.#used);
    }
  }

  /** Adds lines, with `between` for every newline. */
  addLines(text: Buffer, between: string): void {
    const end = this.#makeRoomForLines(text, between, 1);
    const to = this.#bytes;
    let at = this.#used;
    // Byte by byte: for the short lines of a loud task, that costs less than a call for each.
    for (let index = 0; index < text.length; index++) {
      const byte = text[index]!;
      if (byte === newline) at = put(end, to, at);
      else to[at++] = byte;
    }
    this.#used = at;
  }

  /** The same, each line as it stands within a JSON string. */
  addEscapedLines(text: Buffer, between: string): void {
    const end = this.#makeRoomForLines(text, between, mostEscaped);
    const to = this.#bytes;
    let at = this.#used;
    for (let index = 0; index < text.length; index++) {
      const byte = text[index]!;
      if (byte === newline) at = put(end, to, at);
      else at = escapeByte(byte, to, at);
    }
    this.#used = at;
  }

  /** Room for these lines, and what is to be between them as bytes. */
  #makeRoomForLines(text: Buffer, between: string, mostOfByte: number): Buffer {
    const end = Buffer.from(between);
    this.#makeRoom(text.length * mostOfByte + countNewlines(text) * end.length);
    return end;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}

function put(bytes: Buffer, to: Buffer, at: number): number {
  for (let index = 0; index < bytes.length; index++) to[at + index] = bytes[index]!;
  return at + bytes.length;
}
