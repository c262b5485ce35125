import type { ByteFilter } from './replacing-filter.ts';

const nothing = Buffer.alloc(0);

/**
 * Puts the time of arrival, such as `[2026-11-21T22:30:12.123Z] `, where a word stands, wherever the
 * pieces are cut. For one word alone: it is searched as fast as memory can be read.
 */
export class TimeMarker implements ByteFilter {
  readonly #word: Buffer;
  readonly #now: () => number;
  /** The end of what came, when it could be the beginning of the word. */
  #held = nothing;

  constructor(word: string, now: () => number) {
    this.#word = Buffer.from(word);
    this.#now = now;
  }

  push(bytes: Buffer): Buffer {
    const whole = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    const parts: Buffer[] = [];
    let from = 0;
    for (let at = whole.indexOf(this.#word); at !== -1; at = whole.indexOf(this.#word, from)) {
      parts.push(whole.subarray(from, at), this.#time());
      from = at + this.#word.length;
    }
    const rest = whole.subarray(from);
    const settled = rest.subarray(0, rest.length - this.#beginsAtEndOf(rest));
    // A copy, because the buffer may be used again before the next piece comes.
    this.#held =
      settled.length < rest.length ? Buffer.from(rest.subarray(settled.length)) : nothing;
    if (parts.length > 0) return Buffer.concat([...parts, settled]);
    return settled.length < rest.length ? settled : whole;
  }

  end(): Buffer {
    const rest = this.#held;
    this.#held = nothing;
    return rest;
  }

  #time(): Buffer {
    return Buffer.from(`[${new Date(this.#now()).toISOString()}] `);
  }

  /** How many of the last bytes could be the beginning of the word: the most that fit. */
  #beginsAtEndOf(bytes: Buffer): number {
    const first = this.#word[0]!;
    const earliest = Math.max(0, bytes.length - this.#word.length + 1);
    for (let at = bytes.indexOf(first, earliest); at !== -1; at = bytes.indexOf(first, at + 1)) {
      const tail = bytes.subarray(at);
      if (this.#word.subarray(0, tail.length).equals(tail)) return tail.length;
    }
    return 0;
  }
}
