import { fail, ok } from '../base/result.ts';
import { charset, oneChar } from './charset.ts';
import { readClass, readEscape } from './pattern-class.ts';
import { NoPattern, PatternCursor } from './pattern-cursor.ts';

import type { Result } from '../base/result.ts';
import type { Charset } from './charset.ts';

/** A regular expression as a tree. */
export type Pattern =
  | { readonly kind: 'char'; readonly holds: Charset }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly of: readonly Pattern[] }
  | {
      readonly kind: 'repeat';
      readonly of: Pattern;
      readonly least: number;
      readonly most: number;
      readonly isLazy: boolean;
    }
  | { readonly kind: 'group'; readonly number: number; readonly of: Pattern }
  | { readonly kind: 'assertion'; readonly which: Assertion };

export type Assertion = 'begin' | 'end' | 'line-begin' | 'line-end' | 'border' | 'no-border';

/** The tree, how many groups it remembers, or a clause that says why it is none. */
export function parsePattern(
  written: string,
): Result<{ readonly pattern: Pattern; readonly groups: number }, string> {
  const parser = new PatternParser(written);
  try {
    const pattern = parser.whole();
    return ok({ pattern, groups: parser.groups });
  } catch (error) {
    if (error instanceof NoPattern) return fail(error.message);
    throw error;
  }
}

const maxCount = 1_000;
const maxNested = 100;
const lineEnds = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
] as const;

/** Reads the part of Java's notation that can be matched in time that grows with the text alone. */
class PatternParser {
  groups = 0;
  readonly #cursor: PatternCursor;
  #depth = 0;
  #flags: ReadonlySet<string> = new Set();

  constructor(written: string) {
    this.#cursor = new PatternCursor(written);
  }

  whole(): Pattern {
    const flags = this.#cursor.match(/\(\?([ims]+)\)/y);
    if (flags) this.#flags = new Set(flags[1]);
    const pattern = this.#choice();
    if (!this.#cursor.isAtEnd) throw new NoPattern('a `)` closes nothing');
    return pattern;
  }

  #choice(): Pattern {
    const of: Pattern[] = [];
    do {
      const parts: Pattern[] = [];
      while (!this.#cursor.isAtEnd && !/[|)]/.test(this.#cursor.next)) parts.push(this.#repeated());
      of.push({ kind: 'sequence', parts });
    } while (this.#cursor.takes('|'));
    return of.length === 1 ? of[0]! : { kind: 'choice', of };
  }

  #repeated(): Pattern {
    let of = this.#atom();
    for (let first = true; ; first = false) {
      const found = this.#cursor.match(/[*+?]|\{(\d+)(,(\d*))?\}/y);
      if (!found) return of;
      if (!first) throw new NoPattern('one quantifier stands behind another');
      const [text, least, more, most] = found;
      const [low, high] =
        least === undefined
          ? [text === '+' ? 1 : 0, text === '?' ? 1 : Infinity]
          : [
              Number(least),
              more === undefined ? Number(least) : most === '' ? Infinity : Number(most),
            ];
      if (low > maxCount || (high !== Infinity && (high > maxCount || high < low)))
        throw new NoPattern(`\`${text}\` is no count, or above ${maxCount}`);
      if (this.#cursor.takes('+')) throw new NoPattern('possessive quantifiers are not known here');
      of = { kind: 'repeat', of, least: low, most: high, isLazy: this.#cursor.takes('?') };
    }
  }

  #atom(): Pattern {
    const char = this.#cursor.char();
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return this.#set(readClass(this.#cursor));
      case '\\':
        return this.#escaped();
      case '.':
        return this.#set(charset(this.#flags.has('s') ? [] : lineEnds, true));
      case '^':
        return { kind: 'assertion', which: this.#flags.has('m') ? 'line-begin' : 'begin' };
      case '$':
        return { kind: 'assertion', which: this.#flags.has('m') ? 'line-end' : 'end' };
      case '*':
      case '+':
      case '?':
      case '{':
        throw new NoPattern(
          `nothing stands before \`${char}\`; as a character it is written \`\\${char}\``,
        );
      default:
        return this.#set(oneChar(char));
    }
  }

  #group(): Pattern {
    const isSilent = this.#cursor.takes('?:');
    const isNamed = !isSilent && this.#cursor.match(/\?<[A-Za-z]\w*>/y) !== null;
    if (!isSilent && !isNamed && this.#cursor.takes('?'))
      throw new NoPattern(
        'groups that look around, and flags that are not at the front, are not known here',
      );
    const number = isSilent ? 0 : ++this.groups;
    if (++this.#depth > maxNested) throw new NoPattern('it is nested too deeply');
    const of = this.#choice();
    this.#depth -= 1;
    if (!this.#cursor.takes(')')) throw new NoPattern('a `(` is not closed');
    return isSilent ? of : { kind: 'group', number, of };
  }

  #escaped(): Pattern {
    const assertions: Record<string, Assertion> = {
      A: 'begin',
      z: 'end',
      Z: 'end',
      b: 'border',
      B: 'no-border',
    };
    const letter = this.#cursor.next;
    if (Object.hasOwn(assertions, letter)) {
      this.#cursor.char();
      return { kind: 'assertion', which: assertions[letter]! };
    }
    if (/[1-9]/.test(letter))
      throw new NoPattern('what a group has matched cannot be asked for here');
    return this.#set(readEscape(this.#cursor));
  }

  #set(holds: Charset): Pattern {
    if (!this.#flags.has('i')) return { kind: 'char', holds };
    const either = (code: number): boolean => {
      const char = String.fromCodePoint(code);
      return [char, char.toLowerCase(), char.toUpperCase()].some((form) =>
        holds(form.codePointAt(0)!),
      );
    };
    return { kind: 'char', holds: either };
  }
}
