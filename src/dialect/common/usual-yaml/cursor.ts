import type { Source, Span } from '../source.ts';

/** Thrown to give up on a text that is not of the usual kind. */
export const unusual = new Error('this is not the usual YAML');

/** The codes of characters that mean something. */
export const code = {
  tab: 9,
  lineFeed: 10,
  space: 32,
  quote: 34,
  hash: 35,
  apostrophe: 39,
  comma: 44,
  dash: 45,
  colon: 58,
  folding: 62,
  openList: 91,
  closeList: 93,
  openMap: 123,
  literal: 124,
  closeMap: 125,
} as const;

/** A comment that has its line for itself, while it is open which collection it is counted to. */
interface Comment {
  readonly column: number;
  /** Behind its line. */
  readonly end: number;
}

const none: readonly Comment[] = [];

/** Whether what stands there separates: a blank, or the end of a line or of the text. */
export function isBlank(text: string, at: number): boolean {
  const found = text.charCodeAt(at);
  return found === code.space || found === code.lineFeed || at >= text.length;
}

/** A place in a text, which goes from token to token. */
export class Cursor {
  readonly source: Source;
  readonly text: string;
  /** Where the next token begins; the end of the text when there is none. */
  at = 0;
  /** The column of it; -1 when there is none. */
  column = 0;
  /** Where the last value ended: as the package `yaml` counts, blanks and comments that belong to it included. */
  end = 0;
  #comments = none;

  constructor(source: Source) {
    this.source = source;
    this.text = source.text;
  }

  get isAtEnd(): boolean {
    return this.column === -1;
  }

  codeAt(at: number): number {
    return this.text.charCodeAt(at);
  }

  span(start: number, end: number): Span {
    return [start, end, this.source];
  }

  isBlank(at: number): boolean {
    return isBlank(this.text, at);
  }

  /** A `-` that makes an item of what follows. */
  isItem(): boolean {
    return this.codeAt(this.at) === code.dash && this.isBlank(this.at + 1);
  }

  pastBlanks(at: number): number {
    while (this.codeAt(at) === code.space) at++;
    return at;
  }

  endOfLine(at: number): number {
    const end = this.text.indexOf('\n', at);
    return end === -1 ? this.text.length : end;
  }

  /** Goes to the first token of the next lines, past what is left of this one: nothing, or a comment. */
  nextLine(from: number): void {
    const at = this.pastBlanks(from);
    const found = this.codeAt(at);
    const isComment = found === code.hash && at > from;
    if (!isComment && found !== code.lineFeed && at < this.text.length) throw unusual;
    this.toToken(this.endOfLine(at) + 1);
  }

  /** Goes to the first token from the start of a line on. */
  toToken(start: number): void {
    const { text } = this;
    this.end = Math.min(start, text.length);
    this.#comments = none;
    for (let line = start; ;) {
      const at = this.pastBlanks(line);
      const found = this.codeAt(at);
      if (at >= text.length) {
        this.at = text.length;
        this.column = -1;
        return;
      }
      if (found === code.lineFeed) {
        line = at + 1;
      } else if (found === code.hash) {
        const end = Math.min(this.endOfLine(at) + 1, text.length);
        this.#comments = [...this.#comments, { column: at - line, end }];
        line = end;
      } else {
        if (found === code.tab) throw unusual;
        this.at = at;
        this.column = at - line;
        return;
      }
    }
  }

  /** No comment stands between here and the last value, or it says nothing about where that ends. */
  forgetComments(): void {
    this.#comments = none;
  }

  get hasComments(): boolean {
    return this.#comments.length > 0;
  }

  /** What is indented more than the collection that a value is in is counted to that value. */
  takeComments(column: number): void {
    if (this.#comments === none) return;
    const other = this.#comments.findIndex((comment) => comment.column <= column);
    const taken = other === -1 ? this.#comments : this.#comments.slice(0, other);
    this.end = taken.at(-1)?.end ?? this.end;
    this.#comments = this.#comments.slice(taken.length);
  }

  /** What is indented at least as much as a collection that ends is counted to it, with all around it. */
  leaveComments(column: number): void {
    if (column === 0 || this.#comments.every((comment) => comment.column < column)) return;
    this.end = this.at;
    this.#comments = none;
  }
}
