import { TextCleaner } from './clean-text.ts';

/** Makes the output of one stream fit to be shown: invalid UTF-8 becomes U+FFFD. Bytes may be cut anywhere. */
export class Cleaner {
  readonly #text: TextCleaner;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(color: boolean) {
    this.#text = new TextCleaner(color);
  }

  /** Nothing of what came so far bears on what comes next. */
  get idle(): boolean {
    return this.#bytes.length === 0 && this.#text.idle;
  }

  /**
   * What can be shown by now. A part of a line is held back once it has moved back over itself, and
   * else shown at once, for good.
   */
  take(bytes: Buffer): string {
    const whole = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    const cut = whole.length - unfinishedCharacter(whole);
    this.#bytes = Buffer.from(whole.subarray(cut));
    return this.#text.take(whole.toString('utf8', 0, cut));
  }

  /** What was held back of a line that ended without a newline. */
  rest(): string {
    const text = this.#bytes.toString('utf8');
    this.#bytes = Buffer.alloc(0);
    return this.#text.rest(text);
  }
}

/** How many bytes at the end begin a UTF-8 character that goes on after them. */
export function unfinishedCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

/** A text of ours, or of somebody's message, made fit to stand within one line. */
export function cleanLine(text: string): string {
  // Without bytes: this is asked for in browsers, too.
  const cleaner = new TextCleaner(false);
  return (cleaner.take(text.toWellFormed()) + cleaner.rest()).replaceAll('\n', ' ').trim();
}
