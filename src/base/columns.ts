/** Characters of one column that never join with their neighbours: Latin letters, dashes, lines, marks. */
const plain = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2500-\u25fc\u2713\u2717]*$/;
// In functions, since to look up whole classes of characters takes some of the start of each command.
const isEmoji = (grapheme: string): boolean =>
  /^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f|^\p{Regional_Indicator}{2}/u.test(grapheme);
const isZeroWidth = (grapheme: string): boolean => /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u.test(grapheme);

/** Made when it is needed: that takes some 20 ms. */
let segmenter: Intl.Segmenter | undefined;

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
  if (isEmoji(grapheme)) return 2;
  if (isZeroWidth(grapheme)) return 0;
  const code = grapheme.codePointAt(0) ?? 0;
  if (code < 0x1100) return 1;
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** The graphemes of a text, one after the other. */
export function* graphemesOf(text: string): Generator<string> {
  if (plain.test(text)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** How many columns a terminal gives to a text without escape sequences. */
export function columnsOf(text: string): number {
  if (plain.test(text)) return text.length;
  let columns = 0;
  for (const grapheme of graphemesOf(text)) columns += graphemeWidth(grapheme);
  return columns;
}
