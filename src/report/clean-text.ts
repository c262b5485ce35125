import { overwrite } from './overwrite.ts';

/* eslint-disable no-control-regex -- Control characters are what this file is about. */
const csi = /\x1b\[[0-?]*[ -/]*[@-~]/g;
/** Titles, links, character sets and the like, and controls that have no place in a log. */
const junk =
  /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-Z\\`-~]|[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]/g;
const leftover = /\x1b(?!\[[\d;:]*m)|[\r\b]/g;
const unfinishedEscape = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)$/;
const colourCode = /^\x1b\[[\d;:]*m$/;
const needsWork = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
const movesBack = /[\r\b]/;
const resets = /^\x1b\[0*(?:;|m)/;
const onlyResets = /^\x1b\[0*m$/;
/* eslint-enable no-control-regex */

/** A line that has not ended is held back no longer than this. */
const maxHeld = 64 * 1024;
/** Colours in force are remembered by their last so many codes. */
const maxStyles = 16;

/**
 * Makes text fit to be shown: lines that move back over themselves become what a terminal would show in
 * the end, and of all other control characters only tabs, newlines and, if wanted, colours are left. A colour
 * that is still on at the end of a line is closed there and opened again on the next. It may be cut anywhere.
 */
export class TextCleaner {
  readonly #color: boolean;
  #held = '';
  #styles: string[] = [];

  constructor(color: boolean) {
    this.#color = color;
  }

  /** Nothing of what came so far bears on what comes next. */
  get idle(): boolean {
    return this.#held === '' && this.#styles.length === 0;
  }

  /**
   * What can be shown by now. A part of a line is held back once it has moved back over itself, and
   * else shown at once, for good.
   */
  take(piece: string): string {
    const text = this.#held + piece;
    this.#held = '';
    if (this.#styles.length === 0 && !needsWork.test(text)) return text;
    const begin = text.lastIndexOf('\n') + 1;
    const shown = this.#hold(text.slice(begin));
    const lines = text.slice(0, begin).split('\n').slice(0, -1);
    return lines.map((line) => `${this.#clean(line)}\n`).join('') + this.#clean(shown);
  }

  /** What was held back of a line that ended without a newline, with the last there is of it. */
  rest(last = ''): string {
    const cleaned = this.#clean(this.#held + last);
    this.#held = '';
    this.#styles = [];
    return cleaned;
  }

  #hold(part: string): string {
    if (movesBack.test(part)) {
      const kept = part.length > maxHeld ? lastPass(part) : part;
      if (kept.length > maxHeld) return kept;
      this.#held = kept;
      return '';
    }
    const escape = part.slice(-maxHeld).search(unfinishedEscape);
    if (escape < 0) return part;
    const at = Math.max(0, part.length - maxHeld) + escape;
    this.#held = part.slice(at);
    return part.slice(0, at);
  }

  #clean(line: string): string {
    if (line === '' || (this.#styles.length === 0 && !needsWork.test(line))) {
      return line;
    }
    const ended = line.replace(/\r+$/, '').replace(junk, '');
    const still = movesBack.test(ended) ? overwrite(ended) : ended;
    const before = this.#styles.join('');
    const text = still
      .replace(csi, (code) => (this.#color && this.#wears(code) ? code : ''))
      .replace(leftover, '');
    if (text === '') return '';
    const open = this.#styles.length > 0;
    return `${before}${text}${open ? '\x1b[0m' : ''}`;
  }

  #wears(code: string): boolean {
    if (!colourCode.test(code)) return false;
    if (resets.test(code)) this.#styles = [];
    if (!onlyResets.test(code)) this.#styles = [...this.#styles, code].slice(-maxStyles);
    return true;
  }
}

/** Of a line that moves back again and again: from its last start over with something after it. */
function lastPass(part: string): string {
  const end = part.replace(/[\r\b]+$/, '').length;
  return part.slice(part.lastIndexOf('\r', end - 1) + 1);
}
