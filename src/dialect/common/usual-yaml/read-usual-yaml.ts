import { readBlockText } from './block-text.ts';
import { code, Cursor, unusual } from './cursor.ts';
import { readFlow } from './flow.ts';
import { lastPlainEnd, mustBePlain, plain, plainEnd, quoted, quoteEnd } from './texts.ts';
import { plainValue } from './values.ts';

import type { Source } from '../source.ts';
import type { Entry, Spot, Tree } from '../tree.ts';

/** Deeper than pipelines are. */
const maxDepth = 50;

/**
 * What a text in the usual YAML says: exactly what `parseYaml` would make of it, much sooner. `undefined` for
 * every text with anything in it that is rare or wrong, which is left to the package `yaml`.
 */
export function readUsualYaml(source: Source): Tree | undefined {
  try {
    return new Reader(source).document();
  } catch (error) {
    if (error === unusual) return undefined;
    throw error;
  }
}

class Reader {
  readonly #cursor: Cursor;
  #depth = 0;

  constructor(source: Source) {
    this.#cursor = new Cursor(source);
  }

  document(): Tree {
    const cursor = this.#cursor;
    if (cursor.text.includes('\r')) throw unusual;
    cursor.toToken(0);
    if (cursor.column !== 0) throw unusual;
    const tree = this.#node(-1);
    if (tree.kind !== 'map' || !cursor.isAtEnd) throw unusual;
    return tree;
  }

  /** The value that begins here, in a collection whose column is `outer`. */
  #node(outer: number): Tree {
    const cursor = this.#cursor;
    cursor.forgetComments();
    if (cursor.isItem()) return this.#list(cursor.column);
    const end = this.#textEnd(outer);
    return end !== undefined && cursor.codeAt(end) === code.colon
      ? this.#map(cursor.column)
      : this.#inline(outer, end);
  }

  /** Where the text that begins here ends in its line, or its quotes do; `undefined` for other values. */
  #textEnd(outer: number): number | undefined {
    const cursor = this.#cursor;
    switch (cursor.codeAt(cursor.at)) {
      case code.quote:
      case code.apostrophe:
        return quoteEnd(cursor.text, cursor.at, outer);
      case code.openList:
      case code.openMap:
      case code.literal:
      case code.folding:
        return undefined;
      default:
        mustBePlain(cursor.text, cursor.at);
        return plainEnd(cursor.text, cursor.at);
    }
  }

  /** A value that is no block collection. `textEnd` as of `#textEnd`. */
  #inline(outer: number, textEnd: number | undefined): Tree {
    const cursor = this.#cursor;
    const start = cursor.at;
    const first = cursor.codeAt(start);
    if (first === code.literal || first === code.folding) {
      const { tree, end } = readBlockText(cursor, start, outer);
      cursor.toToken(end);
      return tree;
    }
    if (textEnd === undefined) {
      const { tree, end } = readFlow(cursor, start);
      return this.#ended(tree, end, outer);
    }
    if (first === code.quote || first === code.apostrophe)
      return this.#ended(quoted(cursor, start, textEnd), textEnd, outer);
    const end = lastPlainEnd(cursor, textEnd, outer);
    return this.#ended(plain(cursor, start, end), end, outer);
  }

  #ended(tree: Tree, end: number, outer: number): Tree {
    this.#cursor.nextLine(end);
    this.#cursor.takeComments(outer);
    return tree;
  }

  #map(column: number): Tree {
    if (++this.#depth > maxDepth) throw unusual;
    const cursor = this.#cursor;
    const start = cursor.at;
    const entries = new Map<string, Entry>();
    let size = 1;
    do {
      const keyStart = cursor.at;
      const name = this.#key(column);
      if (entries.has(name)) throw unusual;
      const key = cursor.span(keyStart, cursor.at);
      const tree = this.#valueOf(column);
      size += tree.size;
      entries.set(name, { tree, key });
    } while (cursor.column === column);
    const span = cursor.span(start, cursor.end);
    this.#close(column);
    return { kind: 'map', span, flow: false, entries, size };
  }

  /** Goes past a key, to its colon. */
  #key(column: number): string {
    const cursor = this.#cursor;
    const { text, at: start } = cursor;
    if (column === 0 && (text.startsWith('---', start) || text.startsWith('...', start)))
      throw unusual;
    // Nothing is indented that much: it ends in its line.
    const end = this.#textEnd(Infinity);
    if (end === undefined || cursor.codeAt(end) !== code.colon || !cursor.isBlank(end + 1))
      throw unusual;
    // Longer ones are refused.
    if (end - start > 1000) throw unusual;
    cursor.at = end;
    const first = cursor.codeAt(start);
    if (first === code.quote || first === code.apostrophe) return quoted(cursor, start, end).text;
    const name = text.slice(start, end);
    if (name === '<<' || plainValue(name) === null) throw unusual;
    return name;
  }

  /** What stands behind the colon of a key. */
  #valueOf(column: number): Tree {
    const cursor = this.#cursor;
    const at = cursor.pastBlanks(cursor.at + 1);
    const isComment = cursor.codeAt(at) === code.hash;
    if (!isComment && !cursor.isBlank(at)) {
      cursor.at = at;
      return this.#inline(column, this.#textEnd(column));
    }
    cursor.nextLine(cursor.at + 1);
    if (cursor.column > column || (cursor.column === column && cursor.isItem()))
      return this.#node(column);
    if (isComment || cursor.hasComments) throw unusual;
    cursor.end = at;
    return { kind: 'scalar', span: cursor.span(at, at), size: 1, value: null, text: '' };
  }

  #list(column: number): Tree {
    if (++this.#depth > maxDepth) throw unusual;
    const cursor = this.#cursor;
    const start = cursor.at;
    const items: Spot[] = [];
    let size = 1;
    do {
      const at = cursor.pastBlanks(cursor.at + 1);
      if (cursor.isBlank(at)) throw unusual;
      cursor.column += at - cursor.at;
      cursor.at = at;
      const tree = this.#node(column);
      size += tree.size;
      items.push({ tree });
    } while (cursor.column === column && cursor.isItem());
    const span = cursor.span(start, cursor.end);
    this.#close(column);
    return { kind: 'list', span, flow: false, items, size };
  }

  #close(column: number): void {
    this.#depth--;
    if (this.#cursor.column > column) throw unusual;
    this.#cursor.leaveComments(column);
  }
}
