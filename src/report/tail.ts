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
  /** What has not ended yet, by stream. */
  readonly #open = new Map<string, string>();
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
      this.#open.delete(stream);
      this.#cleaners.delete(stream);
    }
    const cleaner = this.#cleaners.get(stream) ?? new Cleaner(this.#color);
    this.#cleaners.set(stream, cleaner);
    this.#put(stream, cleaner.take(bytes.subarray(from)));
  }

  /** Nothing more will come: what was held back of lines that did not end is kept, too. */
  end(): void {
    for (const [stream, cleaner] of this.#cleaners) this.#put(stream, cleaner.rest());
  }

  #put(stream: string, text: string): void {
    const lines = ((this.#open.get(stream) ?? '') + text).split('\n');
    const open = lines.pop() ?? '';
    this.#open.set(stream, open.slice(0, longest));
    this.#lines.push(...lines.map((line) => line.slice(0, longest)));
    if (this.#lines.length <= this.#max) return;
    this.#cut = true;
    this.#lines = this.#lines.slice(-this.#max);
  }

  /** The oldest first; those that have not ended yet are the last. */
  lines(): readonly string[] {
    const open = [...this.#open.values()].filter((line) => line !== '');
    return [...this.#lines, ...open].slice(-this.#max);
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
