import { StringDecoder } from 'node:string_decoder';

const enter = new Set(['\r', '\n']);
const erase = new Set(['\u0008', '\u007f']);
const eraseAll = '\u0015';
const interrupt = '\u0003';
const tab = '\t';
// eslint-disable-next-line no-control-regex -- Escape sequences begin with a control character.
const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/gsu;
// eslint-disable-next-line no-control-regex -- What is no text is no part of a line.
const control = /[\x00-\x1f\x7f-\x9f]/;

/** What comes of keys. */
export interface Heard {
  line(text: string): void;
  interrupted(): void;
  /** Tab, which is no part of a line. */
  tab(): void;
}

/** A line that is being typed on a terminal which hands on every key, or whole lines. */
export class Typing {
  readonly #decoder = new StringDecoder('utf8');
  readonly #heard: Heard;
  #typed: string[] = [];
  #wasReturn = false;

  constructor(heard: Heard) {
    this.#heard = heard;
  }

  get text(): string {
    return this.#typed.join('');
  }

  /** Forgets what was typed of the line. */
  clear(): void {
    this.#typed = [];
  }

  take(chunk: Buffer): void {
    for (const key of this.#decoder.write(chunk).replace(escapes, '')) this.#press(key);
  }

  #press(key: string): void {
    const isPair = key === '\n' && this.#wasReturn;
    this.#wasReturn = key === '\r';
    if (isPair) return;
    if (key === interrupt) this.#heard.interrupted();
    else if (key === tab) this.#heard.tab();
    else if (enter.has(key)) {
      const line = this.text;
      this.#typed = [];
      this.#heard.line(line);
    } else if (erase.has(key)) this.#typed.pop();
    else if (key === eraseAll) this.clear();
    else if (!control.test(key)) this.#typed.push(key);
  }
}
