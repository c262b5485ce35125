/**
 * The expressions that stand in one text. A delimiter parts them only where every bracket before it is
 * closed and no backslash stands in front of it: `\d{1,3}`, `[a,b]`, `(a,b)` and `a\,b` are each one
 * expression. Without a delimiter the text is one as a whole.
 */
export function splitPatterns(text: string, delimiter = ''): readonly string[] {
  if (delimiter === '') return [text];
  const patterns: string[] = [];
  let begin = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (depth === 0 && text.startsWith(delimiter, at)) {
      patterns.push(text.slice(begin, at));
      begin = at + delimiter.length;
      at = begin - 1;
    } else if (text[at] === '\\') at += 1;
    else if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth = Math.max(0, depth - 1);
    else at += lengthOfWhole(text, at) - 1;
  }
  return [...patterns, text.slice(begin)];
}

/** Brackets and braces do not nest, and mean something only when they are closed. */
const whole = /\[(?:\\.|[^\]\\])*\]|\{[^{}]*\}/suy;

function lengthOfWhole(text: string, at: number): number {
  whole.lastIndex = at;
  return whole.exec(text)?.[0].length ?? 1;
}
