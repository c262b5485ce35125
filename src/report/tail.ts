import { Cleaner } from './clean.ts';

const newline = 0x0a;
/** A line is remembered up to so many characters. */
const longest = 2_000;
/** Of one piece of output no more than this can matter to the last lines. */
const farthest = 64 * 1024;

/** The last lines of what one task says, fit to be shown. Takes any amount in little memory. */
export class Tail {
  readonly #max: number;
  readonly #color: boolean;
  readonly #cleaners = new Map<string, Cleaner>();
  #lines: string[] = [];
  #open = '';
  #cut = false;

  constructor(max: number, color: boolean) {
    this.#max = max;
    this.#color = color;
  }

  /** There was more before the lines that are left. */
  get cut(): boolean {
    return this.#cut;
  }

  take(stream: string, bytes: Buffer): void {
    const from = lastLinesFrom(bytes, this.#max + 1);
    if (from > 0) {
      this.#cut = true;
      this.#lines = [];
      this.#open = '';
      this.#cleaners.delete(stream);
    }
    const cleaner = this.#cleaners.get(stream) ?? new Cleaner(this.#color);
    this.#cleaners.set(stream, cleaner);
    const [first = '', ...rest] = cleaner.take(bytes.subarray(from)).split('\n');
    this.#open = (this.#open + first).slice(0, longest);
    for (const line of rest) {
      this.#lines.push(this.#open);
      this.#open = line.slice(0, longest);
    }
    if (this.#lines.length <= this.#max) return;
    this.#cut = true;
    this.#lines = this.#lines.slice(-this.#max);
  }

  /** The oldest first; one that has not ended yet is the last. */
  lines(): readonly string[] {
    return this.#open === '' ? this.#lines : [...this.#lines, this.#open].slice(-this.#max);
  }
}

/** Where the last `max` lines of the bytes begin. */
function lastLinesFrom(bytes: Buffer, max: number): number {
  let from = bytes.length;
  for (let line = 0; line <= max && from > 0; line++) {
    from = bytes.lastIndexOf(newline, from - 1);
    if (from < 0) break;
  }
  const begin = from < 0 ? 0 : from;
  const near = Math.max(begin === 0 ? 0 : begin + 1, bytes.length - farthest);
  return near;
}
