import type { OutputStream } from './record-text.ts';

const maxLines = 10;
const maxChars = 500;
const keptBytes = 8 * 1_024;
const newline = Buffer.from('\n');

/** Remembers the end of what a task said: as many last lines as fit into 8 KiB, ten at most. */
export class LastLines {
  #bytes = Buffer.alloc(0);
  #used = 0;
  #stream: OutputStream | undefined;
  /** The beginning of the first line is gone. */
  #cut = false;

  /** Takes lines, or a part of one that the next bytes of the same stream go on with. */
  add(stream: OutputStream, bytes: Buffer): void {
    const open = this.#used > 0 && this.#bytes[this.#used - 1] !== newline[0];
    if (open && this.#stream !== stream) this.#append(newline);
    this.#stream = stream;
    this.#append(bytes);
  }

  /** The last lines, with `open` as lines that have not ended yet. */
  lines(open: readonly Buffer[]): readonly string[] {
    const all = textLines(this.#bytes.subarray(0, this.#used));
    if (this.#cut && all.length > 1) all.shift();
    for (const part of open) all.push(...textLines(part));
    return all.slice(-maxLines).map((line) => line.slice(0, maxChars));
  }

  #append(bytes: Buffer): void {
    const kept = bytes.subarray(-keptBytes);
    if (this.#used + kept.length > this.#bytes.length) this.#keepOnly(keptBytes - kept.length);
    if (kept.length < bytes.length) this.#cut = true;
    this.#used += kept.copy(this.#bytes, this.#used);
  }

  /** Twice the room that is needed, so that bytes are not moved for every line. */
  #keepOnly(count: number): void {
    const from = Math.max(0, this.#used - count);
    if (from > 0) this.#cut = true;
    if (this.#bytes.length === 0) this.#bytes = Buffer.allocUnsafeSlow(2 * keptBytes);
    this.#bytes.copyWithin(0, from, this.#used);
    this.#used -= from;
  }
}

function textLines(bytes: Buffer): string[] {
  if (bytes.length === 0) return [];
  const lines = bytes.toString().split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(/\r$/, ''));
}
