/** As many bytes as one byte of a text may become. */
export const mostEscaped = 6;

const quote = 0x22;
const backslash = 0x5c;
/** Stands in the table for what has no escape of one letter. */
const byNumber = 0x75;

/** For each byte of a text: 0 when it stands for itself within a JSON string, else the letter of its escape. */
const letters = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x20 && byte !== quote && byte !== backslash) return 0;
  return JSON.stringify(String.fromCharCode(byte)).charCodeAt(2);
});

const digits = Buffer.from('0123456789abcdef');

/**
 * Writes a text, which is UTF-8, as it stands within a JSON string, and answers the place behind it. Most of what tasks print
 * passes here for each of its readers: four bytes at a time, without a string being made of them.
 */
export function escapeJson(text: Buffer, to: Buffer, place: number): number {
  const from = new DataView(text.buffer, text.byteOffset, text.length);
  const into = new DataView(to.buffer, to.byteOffset, to.length);
  let at = place;
  let index = 0;
  for (; index + 4 <= text.length; index += 4) {
    const word = from.getInt32(index, true);
    if (isPlain(word)) {
      into.setInt32(at, word, true);
      at += 4;
    } else
      for (let shift = 0; shift < 32; shift += 8) at = escapeByte((word >>> shift) & 255, to, at);
  }
  for (; index < text.length; index++) at = escapeByte(text[index]!, to, at);
  return at;
}

/** None of the four bytes is below a blank, a quote or a backslash: each of them would leave its highest bit set here. */
function isPlain(word: number): boolean {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const marks =
    ((word - 0x20202020) & ~word) |
    ((quotes - 0x01010101) & ~quotes) |
    ((backslashes - 0x01010101) & ~backslashes);
  return (marks & 0x80808080) === 0;
}

function escapeByte(byte: number, to: Buffer, at: number): number {
  const letter = letters[byte]!;
  if (letter === 0) {
    to[at] = byte;
    return at + 1;
  }
  to[at] = backslash;
  to[at + 1] = letter;
  if (letter !== byNumber) return at + 2;
  to[at + 2] = to[at + 3] = digits[0]!;
  to[at + 4] = digits[byte >> 4]!;
  to[at + 5] = digits[byte & 15]!;
  return at + 6;
}
