/** A text of the author's as a message can hold it: one line, and not too long. */
export function brief(text: string): string {
  if (/^[!-~]{1,40}$/.test(text)) return text;
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= 40 ? line : `${characters.slice(0, 39).join('')}…`;
}
