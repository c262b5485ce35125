import { isAscii } from 'node:buffer';

import { Cleaner } from '../report/clean.ts';
import { maxLineBytes } from './line-cutter.ts';
import { textOf } from './log-lines.ts';

/** A text that is looked for in lines as they are shown. */
export class SoughtText {
  readonly #text: string;
  readonly #fold: (text: string) => string;
  readonly #cleaner = new Cleaner(false);

  constructor(text: string, matchCase: boolean) {
    this.#fold = matchCase ? (shown) => shown : (shown) => shown.toLowerCase();
    this.#text = this.#fold(text);
  }

  /** Whether a line shows it. */
  isIn(line: Buffer): boolean {
    return this.#fold(textOf(line, this.#cleaner)).includes(this.#text);
  }

  /** `false`: none of these lines shows it. */
  mayBeIn(lines: Buffer): boolean {
    const text = lines.toString(isAscii(lines) ? 'latin1' : 'utf8').replace(harmless, '');
    return hasControls.test(text) || this.#fold(text).includes(this.#text);
  }

  /**
   * Which of these lines show it, counted from 0; `undefined` when that can be told only line by line: some are no ASCII, or
   * have controls in them that do more than to colour.
   */
  linesOf(lines: Buffer): number[] | undefined {
    if (!isAscii(lines)) return undefined;
    const text = lines.toString('latin1').replace(harmless, '');
    return hasControls.test(text) ? undefined : [...this.#linesOf(this.#fold(text))];
  }

  *#linesOf(text: string): Generator<number> {
    let [nth, begin] = [0, 0];
    for (let at = 0; (at = text.indexOf(this.#text, at)) !== -1;) {
      for (let end; (end = text.indexOf('\n', begin)) !== -1 && end < at; begin = end + 1) nth++;
      const last = text.indexOf('\n', at);
      const end = at + this.#text.length;
      const isInLine = last === -1 || end <= last;
      // What is beyond the beginning of a very long line is not shown.
      if (isInLine && end - begin <= maxLineBytes) yield nth;
      if (last === -1) return;
      at = isInLine ? last : at + 1;
    }
  }
}

/* eslint-disable no-control-regex -- What these do to a line, the cleaner knows. */
const hasControls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
const harmless = /\x1b\[[\d;]*m|\r+(?=\n)/g;
