import { columnsOf, graphemesOf, graphemeWidth } from '../base/columns.ts';

// eslint-disable-next-line no-control-regex -- Escape sequences begin with a control character.
const escape = /\x1b\[[0-?]*[ -/]*[@-~]/;
const pieces = new RegExp(`(${escape.source})`);
/** How many columns a terminal gives to one line of text; colour codes take none. */
export const widthOf = (text: string): number =>
  text
    .split(pieces)
    .reduce((width, piece, index) => (index % 2 === 1 ? width : width + columnsOf(piece)), 0);

/** The text if it fits into the columns; else its beginning and the ellipsis, colours closed. */
export function fit(text: string, columns: number, ellipsis: string): string {
  if (widthOf(text) <= columns) return text;
  let room = columns - widthOf(ellipsis);
  if (room < 0) return '';
  let kept = '';
  let coloured = false;
  cutting: for (const [index, piece] of text.split(pieces).entries()) {
    if (index % 2 === 1) {
      coloured = true;
      kept += piece;
      continue;
    }
    for (const grapheme of graphemesOf(piece)) {
      room -= graphemeWidth(grapheme);
      if (room < 0) break cutting;
      kept += grapheme;
    }
  }
  return `${kept}${ellipsis}${coloured ? '\x1b[0m' : ''}`;
}

/**
 * The text in lines of so many columns, broken between words, all but the first with the indent before
 * them. A word that is wider than that is left as it is, and so is what stands before the first word.
 */
export function wrap(text: string, columns: number, indent: string): string[] {
  if (widthOf(text) <= columns) return [text];
  const [, margin = '', rest = ''] = /^( *)(.*)$/s.exec(text) ?? [];
  const lines: string[] = [];
  let line = margin;
  let isBegun = false;
  for (const word of rest.split(' ')) {
    const longer = isBegun ? `${line} ${word}` : line + word;
    if (isBegun && widthOf(longer) > columns) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
    isBegun = true;
  }
  return [...lines, line];
}

/** The text in exactly so many columns: cut, or followed by blanks. */
export function pad(text: string, columns: number, ellipsis: string): string {
  const fitted = fit(text, columns, ellipsis);
  return fitted + ' '.repeat(Math.max(0, columns - widthOf(fitted)));
}

/** Tabs as the blanks a terminal would show, for text that begins at a tab stop. */
export function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  const [first = '', ...rest] = text.split('\t');
  return rest.reduce((line, part) => line + ' '.repeat(8 - (widthOf(line) % 8)) + part, first);
}
