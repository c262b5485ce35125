/** Thrown for what is no regular expression, with a clause that says why. */
export class NoPattern extends Error {}

/** A place in a regular expression that is read from its front. */
export class PatternCursor {
  readonly #written: string;
  #at = 0;

  constructor(written: string) {
    this.#written = written;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#written.length;
  }

  /** The next character; none at the end. */
  get next(): string {
    return this.#written[this.#at] ?? '';
  }

  /** Whether this comes next. */
  sees(text: string): boolean {
    return this.#written.startsWith(text, this.#at);
  }

  /** The next code point, which is behind the cursor then. */
  char(): string {
    const char = String.fromCodePoint(this.#written.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  /** Goes behind a text if it comes next, and says whether it did. */
  takes(text: string): boolean {
    const isThere = this.sees(text);
    if (isThere) this.#at += text.length;
    return isThere;
  }

  /** Goes behind what a sticky expression matches here. */
  match(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#at;
    const found = form.exec(this.#written);
    if (found) this.#at = form.lastIndex;
    return found;
  }
}
