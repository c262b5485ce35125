import { widthOf } from '../../report/width.ts';

import type { OutputPort } from './port.ts';

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const beginFrame = '\x1b[?2026h';
const endFrame = '\x1b[?2026l';
const eraseToEndOfLine = '\x1b[K';
const eraseBelow = '\x1b[J';

/**
 * The part of a terminal that is drawn again and again, at the end of its scrollback. While it is
 * open the cursor is hidden; it is shown again when it is closed or when the process exits.
 */
export class Screen {
  readonly #port: OutputPort;
  readonly #forget: () => void;
  #drawn: readonly string[] = [];
  #draining: Promise<void> | undefined;

  constructor(port: OutputPort) {
    this.#port = port;
    this.#forget = port.atExit(showCursor);
    port.write(hideCursor);
  }

  /** Shows these lines instead of the last ones. Does nothing while the terminal is behind. */
  draw(lines: readonly string[]): void {
    if (this.#draining) return;
    const same = lines.length === this.#drawn.length;
    if (same && lines.every((line, index) => line === this.#drawn[index])) return;
    const body = lines.map((line) => `${line}${eraseToEndOfLine}\n`).join('');
    this.#write(`${beginFrame}${this.#toTop()}${body}${eraseBelow}${endFrame}`);
    this.#drawn = lines;
  }

  /** Takes the lines away and gives the cursor back. */
  async close(): Promise<void> {
    await this.#draining;
    this.#forget();
    this.#write(`${this.#toTop()}${eraseBelow}${showCursor}`);
    this.#drawn = [];
    await this.#draining;
  }

  #write(text: string): void {
    if (this.#port.write(text)) return;
    this.#draining = this.#port.drained().then(() => {
      this.#draining = undefined;
    });
  }

  // A terminal that has become narrower has broken the lines that were drawn before.
  #toTop(): string {
    const { columns, rows } = this.#port;
    const heights = this.#drawn.map((line) => Math.max(1, Math.ceil(widthOf(line) / columns)));
    const height = heights.reduce((sum, lines) => sum + lines, 0);
    const up = Math.min(height, rows - 1);
    return up > 0 ? `\r\x1b[${up}A` : '\r';
  }
}
