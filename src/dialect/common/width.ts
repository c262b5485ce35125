import { columnsOf, graphemesOf, graphemeWidth } from '../../base/columns.ts';

const tabStop = 4;

/** A text as a terminal can show it on one line: tabs as blanks, other controls as `�`. */
export function printable(text: string): string {
  let shown = '';
  let column = 0;
  for (const character of text) {
    const replaced = /\p{Cc}|\p{Bidi_Control}/u.test(character) ? '\ufffd' : character;
    const part = character === '\t' ? ' '.repeat(tabStop - (column % tabStop)) : replaced;
    shown += part;
    column += columnsOf(part);
  }
  return shown;
}

/** The part of a text from one column to before another; a character that does not fit is left out. */
export function sliceColumns(text: string, from: number, to: number): string {
  let column = 0;
  let slice = '';
  for (const grapheme of graphemesOf(text)) {
    const next = column + graphemeWidth(grapheme);
    if (column >= from && next <= to) slice += grapheme;
    column = next;
  }
  return slice;
}

/** Words on as many lines as they need. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
