import type { Automaton } from './automaton.ts';

/** Turns bytes that come in pieces into other bytes. */
export interface ByteFilter {
  /** What is settled by now. May be the very buffer that was given. */
  push(bytes: Buffer): Buffer;
  /** What was still held back. The filter then stands at a new beginning. */
  end(): Buffer;
}

const nothing = Buffer.alloc(0);

/**
 * Puts a replacement where words stand, wherever the pieces are cut. Words that overlap or touch
 * are replaced as one. Holds back only what could still be the beginning of a word.
 */
export class ReplacingFilter implements ByteFilter {
  #words: Automaton;
  readonly #replacement: () => Buffer;
  #state = 0;
  /** The bytes that are not settled: as many as the state is deep. */
  #held = nothing;
  /** Where words were found in the held bytes. */
  #found: Found[] = [];
  /** The last bytes that were settled belonged to a word, whose replacement is out. */
  #insideWord = false;

  constructor(words: Automaton, replacement: () => Buffer) {
    this.#words = words;
    this.#replacement = replacement;
  }

  push(piece: Buffer): Buffer {
    if (piece.length === 0) return nothing;
    const from = this.#held.length;
    const bytes = from === 0 ? piece : Buffer.concat([this.#held, piece]);
    this.#search(bytes, from);
    return this.#settle(bytes, bytes.length - this.#words.depthAt(this.#state));
  }

  end(): Buffer {
    this.#state = 0;
    const rest = this.#settle(this.#held, this.#held.length);
    this.#insideWord = false;
    return rest;
  }

  /** Looks for these words from now on, the former ones among them: also where one has begun by now. */
  follow(words: Automaton): void {
    const before = this.#found;
    this.#words = words;
    this.#state = 0;
    this.#found = [];
    this.#search(this.#held, 0);
    const all = [...before, ...this.#found].sort((a, b) => a.to - b.to);
    this.#found = [];
    for (const { from, to } of all) include(this.#found, from, to);
  }

  #search(bytes: Buffer, from: number): void {
    const words = this.#words;
    const { dense, denseStates, matches, begins } = words;
    const end = bytes.length;
    let state = this.#state;
    for (let at = from; at < end; at++) {
      // Most bytes begin no word: they are passed over in a loop of their own, which is far faster.
      if (state === 0) {
        while (at < end && begins[bytes[at]!] === 0) at++;
        if (at === end) break;
      }
      state =
        state < denseStates ? dense[(state << 8) | bytes[at]!]! : words.next(state, bytes[at]!);
      const length = matches[state]!;
      if (length !== 0) include(this.#found, at + 1 - length, at + 1);
    }
    this.#state = state;
  }

  #settle(bytes: Buffer, settled: number): Buffer {
    if (settled === 0) {
      this.#held = Buffer.from(bytes);
      return nothing;
    }
    if (this.#found.length === 0 && settled === bytes.length) {
      this.#held = nothing;
      this.#insideWord = false;
      return bytes;
    }
    const pieces: Buffer[] = [];
    const open: Found[] = [];
    let at = 0;
    for (const { from, to } of this.#found) {
      if (from < settled) {
        if (from > at) pieces.push(bytes.subarray(at, from));
        if (from > 0 || !this.#insideWord) pieces.push(this.#replacement());
        at = Math.min(to, settled);
      }
      if (to > settled) open.push({ from: Math.max(0, from - settled), to: to - settled });
    }
    this.#insideWord = at === settled;
    if (at < settled) pieces.push(bytes.subarray(at, settled));
    this.#found = open;
    this.#held = settled === bytes.length ? nothing : Buffer.from(bytes.subarray(settled));
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }
}

interface Found {
  readonly from: number;
  readonly to: number;
}

/** Adds a place that ends later than all the others, joined with those it overlaps or touches. */
function include(found: Found[], from: number, to: number): void {
  let start = from;
  for (let last = found.at(-1); last && last.to >= start; last = found.at(-1)) {
    start = Math.min(start, last.from);
    found.pop();
  }
  found.push({ from: start, to });
}
