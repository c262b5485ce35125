const newline = 0x0a;
const fourNewlines = 0x0a0a0a0a;
const low = 0x7f7f7f7f;

/** How many newlines there are. Every byte that any task prints is counted once, so four of them at a time. */
export function countNewlines(bytes: Buffer): number {
  const skew = (4 - (bytes.byteOffset % 4)) % 4;
  if (bytes.length < skew) return countWithin(bytes, 0, bytes.length);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + skew, (bytes.length - skew) >> 2);
  const rest = skew + words.length * 4;
  let found = countWithin(bytes, 0, skew) + countWithin(bytes, rest, bytes.length);
  for (let from = 0; from < words.length; from += 255) {
    // Each byte of this counts what is found at its place in a word: up to 255.
    let counts = 0;
    const to = Math.min(words.length, from + 255);
    for (let index = from; index < to; index++) {
      const other = words[index]! ^ fourNewlines;
      // The highest bit of each byte says whether that is a newline.
      const marks = ~(((other & low) + low) | other | low);
      counts = (counts + (marks >>> 7)) | 0;
    }
    found += (counts & 255) + ((counts >>> 8) & 255) + ((counts >>> 16) & 255) + (counts >>> 24);
  }
  return found;
}

function countWithin(bytes: Buffer, from: number, to: number): number {
  let found = 0;
  for (let index = from; index < to; index++) if (bytes[index] === newline) found++;
  return found;
}
