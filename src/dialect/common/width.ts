const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const without = /\p{M}|[\u200b-\u200d]/u;

/** How many columns of a terminal one character takes. */
function columnsOfCharacter(character: string): number {
  if (without.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

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
  for (const character of text) {
    const next = column + columnsOfCharacter(character);
    if (column >= from && next <= to) slice += character;
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
