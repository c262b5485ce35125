import { BrokenWordSearch } from './broken-word-search.ts';
import { include, WordSearch } from './word-search.ts';

import type { Automaton } from './automaton.ts';
import type { Found } from './word-search.ts';

/** Turns bytes that come in pieces into other bytes. */
export interface ByteFilter {
  /** What is settled by now. May be the very buffer that was given. */
  push(bytes: Buffer): Buffer;
  /** What was still held back. The filter then stands at a new beginning. */
  end(): Buffer;
}

/** What is looked for. */
export interface Words {
  readonly whole: Automaton;
  /** Those of them that are found across line ends, too. */
  readonly breakable: Automaton;
}

const nothing = Buffer.alloc(0);

/**
 * Puts a replacement where words stand, wherever the pieces are cut. Words that overlap or touch
 * are replaced as one. Holds back only what could still be the beginning of a word.
 */
export class ReplacingFilter implements ByteFilter {
  #whole: WordSearch;
  #broken: BrokenWordSearch;
  readonly #replacement: () => Buffer;
  /** The bytes that are not settled: from where a word may have begun. */
  #held = nothing;
  /** Where words were found in the held bytes. */
  #found: Found[] = [];
  /** The last bytes that were settled belonged to a word, whose replacement is out. */
  #insideWord = false;

  constructor({ whole, breakable }: Words, replacement: () => Buffer) {
    this.#whole = new WordSearch(whole);
    this.#broken = new BrokenWordSearch(breakable);
    this.#replacement = replacement;
  }

  push(piece: Buffer): Buffer {
    if (piece.length === 0) return nothing;
    const from = this.#held.length;
    const bytes = from === 0 ? piece : Buffer.concat([this.#held, piece]);
    this.#search(bytes, from);
    const open = Math.min(this.#whole.openFrom(bytes), this.#broken.openFrom(bytes));
    return this.#settle(bytes, open);
  }

  end(): Buffer {
    this.#whole.restart();
    this.#broken.restart();
    const rest = this.#settle(this.#held, this.#held.length);
    this.#insideWord = false;
    return rest;
  }

  /** Looks for these words from now on, the former ones among them: also where one has begun by now. */
  follow({ whole, breakable }: Words): void {
    const before = this.#found;
    this.#whole = new WordSearch(whole);
    this.#broken = new BrokenWordSearch(breakable);
    this.#found = [];
    this.#search(this.#held, 0, before);
  }

  #search(bytes: Buffer, from: number, before: readonly Found[] = []): void {
    const { found, lineEnds } = this.#whole.find(bytes, from);
    const broken = this.#broken.find(bytes, from, lineEnds);
    for (const place of [...before, ...found, ...broken].sort((a, b) => a.to - b.to))
      include(this.#found, place);
  }

  #settle(bytes: Buffer, settled: number): Buffer {
    this.#broken.forget(settled);
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
