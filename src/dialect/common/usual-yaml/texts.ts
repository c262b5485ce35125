import { code, isBlank, unusual } from './cursor.ts';
import { plainValue, quotedValue, unfolded } from './values.ts';

import type { ScalarTree } from '../tree.ts';
import type { Cursor } from './cursor.ts';

/** What no plain text begins with, or what hardly one does. */
const indicator = /[#,[\]{}&*!|>@`%?:"'\t\uFEFF]/;

const backslash = 92;

/** Gives up unless a plain text begins here. */
export function mustBePlain(text: string, at: number): void {
  const found = text.charCodeAt(at);
  // Most texts begin with a letter.
  if (found >= 97 && found <= 122) return;
  const isItem = found === code.dash && isBlank(text, at + 1);
  if (isItem || indicator.test(text.charAt(at))) throw unusual;
}

/** Where a plain text ends in this line: at the colon of a key, or behind its last character. */
export function plainEnd(text: string, start: number): number {
  for (let at = start; ; at++) {
    const found = text.charCodeAt(at);
    // Most characters.
    if (found > code.colon) continue;
    if (found === code.colon) {
      if (!isBlank(text, at + 1)) continue;
      if (text.charCodeAt(at - 1) === code.space) throw unusual;
      return at;
    }
    if (found === code.tab) throw unusual;
    const isComment = found === code.hash && text.charCodeAt(at - 1) === code.space;
    if (found !== code.lineFeed && !isComment && at < text.length) continue;
    let end = at;
    while (text.charCodeAt(end - 1) === code.space) end--;
    return end;
  }
}

/** Behind the closing quote of a text whose further lines are indented more than `outer`. */
export function quoteEnd(text: string, start: number, outer: number): number {
  const isSingle = text.charCodeAt(start) === code.apostrophe;
  const sign = isSingle ? "'" : '"';
  let end = text.indexOf(sign, start + 1);
  while (end !== -1 && (isSingle ? text[end + 1] === sign : isEscaped(text, end)))
    end = text.indexOf(sign, end + (isSingle ? 2 : 1));
  if (end === -1) throw unusual;
  const firstLine = text.indexOf('\n', start);
  if (firstLine !== -1 && firstLine < end)
    mustBeIndented(text.slice(firstLine + 1, end + 1), outer);
  return end + 1;
}

function mustBeIndented(lines: string, outer: number): void {
  for (const line of lines.split('\n')) {
    const at = line.search(/[^ ]|$/);
    const isEmpty = at === line.length;
    if (!isEmpty && at <= outer) throw unusual;
  }
  if (lines.includes('\t')) throw unusual;
}

function isEscaped(text: string, at: number): boolean {
  let count = 0;
  while (text.charCodeAt(at - 1 - count) === backslash) count++;
  return count % 2 === 1;
}

/** The text in quotes. */
export function quoted(cursor: Cursor, start: number, end: number): ScalarTree {
  const value = quotedValue(cursor.text.slice(start, end));
  if (value === undefined) throw unusual;
  return { kind: 'scalar', span: cursor.span(start, end), size: 1, value, text: value };
}

/** The plain text there. */
export function plain(cursor: Cursor, start: number, end: number): ScalarTree {
  const text = unfolded(cursor.text.slice(start, end));
  const span = cursor.span(start, end);
  return { kind: 'scalar', span, size: 1, value: plainValue(text), text };
}

/**
 * Where a plain text ends whose first line ends at `firstEnd`: further lines belong to it that are indented
 * more than `outer`.
 */
export function lastPlainEnd(cursor: Cursor, firstEnd: number, outer: number): number {
  const { text } = cursor;
  for (let end = firstEnd; ;) {
    if (text.charCodeAt(end) === code.colon) throw unusual;
    const lineEnd = cursor.pastBlanks(end);
    if (text.charCodeAt(lineEnd) !== code.lineFeed) return end;
    let line = lineEnd + 1;
    let at = cursor.pastBlanks(line);
    while (text.charCodeAt(at) === code.lineFeed) {
      line = at + 1;
      at = cursor.pastBlanks(line);
    }
    const isOver = at - line <= outer || at >= text.length || text.charCodeAt(at) === code.hash;
    if (isOver) return end;
    end = plainEnd(text, at);
  }
}
