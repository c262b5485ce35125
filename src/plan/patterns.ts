/**
 * The regular expressions of a text in which they are parted by a delimiter. What stands between
 * brackets or parentheses of any kind, or after a backslash, parts nothing: `\d{1,3}` is one.
 */
export function partPatterns(text: string, delimiter: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let inClass = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (depth === 0 && !inClass && text.startsWith(delimiter, at)) {
      parts.push(text.slice(start, at));
      start = at + delimiter.length;
      at = start - 1;
    } else if (character === '\\') at++;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(' || character === '{') depth++;
    else if (character === ')' || character === '}') depth = Math.max(0, depth - 1);
  }
  return [...parts, text.slice(start)];
}
