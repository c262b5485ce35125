import { ByteText } from '../../base/byte-text.ts';
import { Cleaner } from '../../report/clean.ts';
import { isPlain } from './control-bytes.ts';
import { send } from './port.ts';

import type { OutputRecord, Recorded } from '../../event/event.ts';
import type { OutputPort } from './port.ts';

const newline = 0x0a;

type Output = Recorded<OutputRecord>;

interface LineStyle {
  readonly color: boolean;
  /** What stands before every line of this record. */
  prefixOf(output: Output): string;
  /** What stands after every line of this stream. Absent: nothing. */
  suffixOf?(stream: Output['stream']): string;
}

/**
 * Prints what tasks say, every line behind its prefix, whoever else speaks in between. A very long
 * line comes in parts; it is interrupted only when somebody else has something to say.
 */
export class LinePrinter {
  readonly #port: OutputPort;
  readonly #style: LineStyle;
  readonly #text = new ByteText();
  readonly #cleaners = new Map<string, Cleaner>();
  /** Whose line has begun and not ended on the screen, and what is to stand after it. */
  #open: { readonly key: string; readonly suffix: string } | undefined;

  constructor(port: OutputPort, style: LineStyle) {
    this.#port = port;
    this.#style = style;
  }

  async output(output: Output): Promise<void> {
    const { bytes } = output;
    if (bytes.length === 0) return;
    const key = `${output.stream} ${output.task}`;
    const cleaner = this.#cleaners.get(key);
    if ((cleaner?.idle ?? true) && isPlain(bytes)) {
      await this.#print(key, output, bytes);
      return;
    }
    const text = (cleaner ?? this.#cleanerFor(key)).take(bytes);
    if (text !== '') await this.#print(key, output, Buffer.from(text));
  }

  /** A line of its own that no task said. */
  async line(text: string): Promise<void> {
    await send(this.#port, `${this.#closing()}${text}\n`);
  }

  /** A task will say nothing more for now: what it left without a newline is shown. */
  async ended(task: string, at: { readonly seq: number; readonly at: number }): Promise<void> {
    for (const stream of ['stdout', 'stderr'] as const) {
      const key = `${stream} ${task}`;
      const rest = this.#cleaners.get(key)?.rest() ?? '';
      this.#cleaners.delete(key);
      const output = { ...at, type: 'output', task, stream, bytes: Buffer.alloc(0) } as const;
      if (rest !== '') await this.#print(key, output, Buffer.from(rest));
    }
  }

  /** Nothing more will come: the last line is closed. */
  async end(): Promise<void> {
    for (const key of [...this.#cleaners.keys()])
      await this.ended(key.slice(key.indexOf(' ') + 1), { seq: 0, at: 0 });
    const closing = this.#closing();
    if (closing !== '') await send(this.#port, closing);
  }

  async #print(key: string, output: Output, bytes: Buffer): Promise<void> {
    const suffix = this.#style.suffixOf?.(output.stream) ?? '';
    const prefix = this.#style.prefixOf(output);
    const isWhole = bytes.at(-1) === newline;
    const text = this.#text;
    text.clear();
    if (this.#open?.key !== key) text.add(this.#closing() + prefix);
    text.addLines(isWhole ? bytes.subarray(0, -1) : bytes, `${suffix}\n${prefix}`);
    if (isWhole) text.add(`${suffix}\n`);
    this.#open = isWhole ? undefined : { key, suffix };
    await send(this.#port, text.bytes);
  }

  #closing(): string {
    if (this.#open === undefined) return '';
    const { suffix } = this.#open;
    this.#open = undefined;
    return `${suffix}\n`;
  }

  #cleanerFor(key: string): Cleaner {
    const cleaner = new Cleaner(this.#style.color);
    this.#cleaners.set(key, cleaner);
    return cleaner;
  }
}
