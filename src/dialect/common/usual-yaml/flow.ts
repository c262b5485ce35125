import { code, unusual } from './cursor.ts';
import { mustBePlain, plain, quoted, quoteEnd } from './texts.ts';

import type { Entry, ScalarTree, Spot, Tree } from '../tree.ts';
import type { Cursor } from './cursor.ts';

/** Lists and maps in brackets are read in one line, and this deep. */
const maxDepth = 10;

/** The list or the map in brackets that begins at `start`, and where it ends. */
export function readFlow(
  cursor: Cursor,
  start: number,
): { readonly tree: Tree; readonly end: number } {
  const reader = new FlowReader(cursor, start);
  const tree = reader.collection(0);
  return { tree, end: reader.at };
}

class FlowReader {
  at: number;
  readonly #cursor: Cursor;

  constructor(cursor: Cursor, start: number) {
    this.#cursor = cursor;
    this.at = start;
  }

  collection(depth: number): Tree {
    if (depth > maxDepth) throw unusual;
    return this.#code() === code.openMap ? this.#map(depth) : this.#list(depth);
  }

  #list(depth: number): Tree {
    const start = this.at;
    const items: Spot[] = [];
    let size = 1;
    for (let ends = this.#opens(code.closeList); !ends; ends = this.#goesOn(code.closeList)) {
      const tree = this.#value(depth);
      size += tree.size;
      items.push({ tree });
    }
    return { kind: 'list', span: this.#cursor.span(start, this.at), flow: true, items, size };
  }

  #map(depth: number): Tree {
    const start = this.at;
    const entries = new Map<string, Entry>();
    let size = 1;
    for (let ends = this.#opens(code.closeMap); !ends; ends = this.#goesOn(code.closeMap)) {
      const key = this.#scalar();
      const isMerge = key.text === '<<';
      if (isMerge || key.value === null || entries.has(key.text)) throw unusual;
      if (this.#code() !== code.colon || this.#code(1) !== code.space) throw unusual;
      this.#skip(1);
      const tree = this.#value(depth);
      size += tree.size;
      entries.set(key.text, { tree, key: key.span });
    }
    return { kind: 'map', span: this.#cursor.span(start, this.at), flow: true, entries, size };
  }

  /** Goes past a bracket, and past the closing one when that follows. */
  #opens(closing: number): boolean {
    this.#skip(1);
    if (this.#code() !== closing) return false;
    this.at++;
    return true;
  }

  /** Goes past a comma, or past the closing bracket. */
  #goesOn(closing: number): boolean {
    this.#skip(0);
    const found = this.#code();
    if (found === closing) {
      this.at++;
      return true;
    }
    if (found !== code.comma) throw unusual;
    this.#skip(1);
    return false;
  }

  #value(depth: number): Tree {
    const found = this.#code();
    return found === code.openList || found === code.openMap
      ? this.collection(depth + 1)
      : this.#scalar();
  }

  #scalar(): ScalarTree {
    const start = this.at;
    const found = this.#code();
    const { text } = this.#cursor;
    if (found === code.quote || found === code.apostrophe) {
      // Nothing is indented that much: it ends in its line.
      this.at = quoteEnd(text, start, Infinity);
      return quoted(this.#cursor, start, this.at);
    }
    mustBePlain(text, start);
    this.at = this.#plainEnd();
    return plain(this.#cursor, start, this.at);
  }

  #plainEnd(): number {
    const { text } = this.#cursor;
    const sign = /[\t\n#,:[\]{}]|$/g;
    for (sign.lastIndex = this.at; ; sign.lastIndex++) {
      const at = sign.exec(text)?.index ?? text.length;
      switch (text[at]) {
        case ':':
          if (!/[\s,[\]{}]/.test(text[at + 1] ?? ' ')) continue;
          break;
        case '#':
          if (text[at - 1] !== ' ') continue;
          throw unusual;
        case ',':
        case ']':
        case '}':
          break;
        default:
          throw unusual;
      }
      let end = at;
      while (text[end - 1] === ' ') end--;
      if (end === this.at || (end < at && text[at] === ':')) throw unusual;
      return end;
    }
  }

  #code(ahead = 0): number {
    return this.#cursor.codeAt(this.at + ahead);
  }

  #skip(count: number): void {
    this.at = this.#cursor.pastBlanks(this.at + count);
  }
}
