import type { Automaton } from './automaton.ts';

/** Where words stand in some bytes. */
export interface Found {
  readonly from: number;
  readonly to: number;
}

/** A line end, and how many of the bytes before it could be the beginning of a word. */
export interface LineEnd {
  readonly at: number;
  readonly depth: number;
}

export const newline = 0x0a;

/** Looks for words in a buffer that grows at its end, and whose beginning is taken away once it is settled. */
export class WordSearch {
  readonly #words: Automaton;
  #state = 0;

  constructor(words: Automaton) {
    this.#words = words;
  }

  /** The words that end from `from` on, and the line ends there that come where one could go on. */
  find(bytes: Buffer, from: number): { found: readonly Found[]; lineEnds: readonly LineEnd[] } {
    const words = this.#words;
    const { dense, denseStates, matches, begins } = words;
    const found: Found[] = [];
    const lineEnds: LineEnd[] = [];
    const end = bytes.length;
    let state = this.#state;
    for (let at = from; at < end; at++) {
      // Most bytes begin no word: they are passed over in a loop of their own, which is far faster.
      if (state === 0) {
        while (at < end && begins[bytes[at]!] === 0) at++;
        if (at === end) break;
      }
      const byte = bytes[at]!;
      if (byte === newline && state !== 0) lineEnds.push({ at, depth: words.depthAt(state) });
      state = state < denseStates ? dense[(state << 8) | byte]! : words.next(state, byte);
      const length = matches[state]!;
      if (length !== 0) include(found, { from: at + 1 - length, to: at + 1 });
    }
    this.#state = state;
    return { found, lineEnds };
  }

  /** Where a word may have begun that the bytes do not end. */
  openFrom(bytes: Buffer): number {
    return bytes.length - this.#words.depthAt(this.#state);
  }

  restart(): void {
    this.#state = 0;
  }
}

/** Adds a place that ends later than all the others, joined with those it overlaps or touches. */
export function include(found: Found[], { from, to }: Found): void {
  let start = from;
  for (let last = found.at(-1); last && last.to >= start; last = found.at(-1)) {
    start = Math.min(start, last.from);
    found.pop();
  }
  found.push({ from: start, to });
}
