// eslint-disable-next-line no-control-regex -- Escape sequences begin with a control character.
const escape = /\x1b\[[0-?]*[ -/]*[@-~]/;
const pieces = new RegExp(`(${escape.source})`);
const plainAscii = /^[ -~]*$/;
const emoji = /^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f|^\p{Regional_Indicator}{2}/u;
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** First and last code points that take two columns, ascending. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

/** How many columns a terminal gives to one grapheme. */
export function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  if (emoji.test(grapheme)) return 2;
  if (zeroWidth.test(grapheme)) return 0;
  const code = grapheme.codePointAt(0) ?? 0;
  if (code < 0x1100) return 1;
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** The graphemes of a text, one after the other. */
export function* graphemesOf(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** How many columns a terminal gives to one line of text; colour codes take none. */
export function widthOf(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let width = 0;
  for (const [index, piece] of text.split(pieces).entries()) {
    if (index % 2 === 1) continue;
    if (plainAscii.test(piece)) width += piece.length;
    else for (const grapheme of graphemesOf(piece)) width += graphemeWidth(grapheme);
  }
  return width;
}

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
