import { include, newline } from './word-search.ts';

import type { Automaton } from './automaton.ts';
import type { Found, LineEnd } from './word-search.ts';

/** Behind fewer bytes of a word, a break would hold back many an ordinary line: only what follows is found. */
const fewestBeforeBreak = 4;

/**
 * Looks for words that line ends may break, beside a search that finds them unbroken: it looks at nothing
 * but what stands around the line ends.
 */
export class BrokenWordSearch {
  readonly #words: Automaton;
  #state = 0;
  /** What stands before is let go of, although a word may have begun there: it is broken early, or by empty lines. */
  #floor = 0;

  constructor(words: Automaton) {
    this.#words = words;
  }

  /** The words that end from `from` on. */
  find(bytes: Buffer, from: number, lineEnds: readonly LineEnd[]): readonly Found[] {
    const found: Found[] = [];
    const take = (at: number): void => {
      const length = this.#take(bytes, at);
      if (length > 0 && at >= from)
        include(found, { from: this.#back(bytes, at + 1, length), to: at + 1 });
    };
    let at = this.#state === 0 ? 0 : from;
    for (const lineEnd of lineEnds) {
      while (this.#state !== 0 && at < lineEnd.at) take(at++);
      at = Math.max(at, lineEnd.at - lineEnd.depth);
      while (at <= lineEnd.at) take(at++);
    }
    while (this.#state !== 0 && at < bytes.length) take(at++);
    return found;
  }

  /** Where a word may have begun that the bytes do not end. */
  openFrom(bytes: Buffer): number {
    return this.#back(bytes, bytes.length, this.#words.depthAt(this.#state));
  }

  /** So many of the first bytes are taken away. */
  forget(settled: number): void {
    this.#floor = Math.max(0, this.#floor - settled);
  }

  restart(): void {
    this.#state = 0;
    this.#floor = 0;
  }

  /** The length of the longest word that ends with this byte. */
  #take(bytes: Buffer, at: number): number {
    if (bytes[at] === newline) {
      const isEarly = this.#words.depthAt(this.#state) < fewestBeforeBreak;
      if (isEarly || at === this.#floor || bytes[at - 1] === newline) this.#floor = at + 1;
      return 0;
    }
    this.#state = this.#words.next(this.#state, bytes[at]!);
    return this.#words.matches[this.#state]!;
  }

  /** So many bytes of a word back from `end`, or as far as nothing is let go of. */
  #back(bytes: Buffer, end: number, length: number): number {
    let at = end;
    for (let left = length; left > 0 && at > this.#floor;) if (bytes[--at] !== newline) left--;
    return at;
  }
}
