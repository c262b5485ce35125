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
 * passes here for each of its readers: eight bytes at a time, without a string being made of them.
 */
export function escapeJson(text: Buffer, to: Buffer, place: number): number {
  const from = new DataView(text.buffer, text.byteOffset, text.length);
  const into = new DataView(to.buffer, to.byteOffset, to.length);
  const lastWords = text.length - 8;
  let at = place;
  let index = 0;
  while (index <= lastWords) {
    // What is written too much is written over.
    const first = from.getInt32(index, true);
    const second = from.getInt32(index + 4, true);
    into.setInt32(at, first, true);
    into.setInt32(at + 4, second, true);
    let marks = escapedIn(first);
    let word = first;
    if (marks === 0) {
      marks = escapedIn(second);
      if (marks === 0) {
        index += 8;
        at += 8;
        continue;
      }
      word = second;
      index += 4;
      at += 4;
    }
    // Of the marks, the lowest is always right.
    const plain = (31 - Math.clz32(marks & -marks)) >> 3;
    at = escapeByte((word >>> (8 * plain)) & 255, to, at + plain);
    index += plain + 1;
  }
  for (; index < text.length; index++) at = escapeByte(text[index]!, to, at);
  return at;
}

/** The highest bit of each of the four bytes that is below a blank, a quote or a backslash, and perhaps of some above one. */
function escapedIn(word: number): number {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const marks =
    ((word - 0x20202020) & ~word) |
    ((quotes - 0x01010101) & ~quotes) |
    ((backslashes - 0x01010101) & ~backslashes);
  return marks & 0x80808080;
}

/** The same for one byte. */
export function escapeByte(byte: number, to: Buffer, at: number): number {
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
