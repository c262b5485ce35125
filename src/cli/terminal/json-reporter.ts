import { isUtf8 } from 'node:buffer';

import { ByteText } from '../../base/byte-text.ts';
import { endedTask } from '../../event/tasks.ts';
import { unfinishedCharacter } from '../../report/clean.ts';
import { jsonLine } from '../../report/json-line.ts';
import { send } from './port.ts';

import type { JournalRecord, OutputRecord, Recorded } from '../../event/event.ts';
import type { OutputPort } from './port.ts';
import type { Reporter } from './reporter.ts';

/**
 * Every event as one line of JSON, and every line that a task prints as one, without its newline.
 * A very long line comes in parts: `partial` marks those after which the same task and stream go
 * on with the same line. Nothing else is ever printed.
 */
export function jsonReporter(port: OutputPort): Reporter {
  return {
    async run(records) {
      for await (const lines of jsonLines(records)) await send(port, lines);
    },
  };
}

/** The lines of `jsonReporter`; those of one record together, valid until the next are asked for. */
export async function* jsonLines(records: AsyncIterable<JournalRecord>): AsyncGenerator<Buffer> {
  const streams = new Map<string, LineSplitter>();
  const text = new ByteText();
  for await (const record of records) {
    text.clear();
    if (record.type === 'output') {
      const key = `${record.stream} ${record.task}`;
      const stream = streams.get(key) ?? new LineSplitter(text);
      streams.set(key, stream);
      stream.take(record);
    } else {
      const ended = endedTask(record);
      if (ended !== undefined) tellRest(streams, ended);
      text.add(jsonLine(record));
    }
    if (text.length > 0) yield text.bytes;
  }
  text.clear();
  for (const stream of streams.values()) stream.tellRest();
  if (text.length > 0) yield text.bytes;
}

function tellRest(streams: Map<string, LineSplitter>, task: string): void {
  for (const key of [`stdout ${task}`, `stderr ${task}`]) {
    streams.get(key)?.tellRest();
    streams.delete(key);
  }
}

type Head = Omit<Recorded<OutputRecord>, 'bytes'>;

/** The lines of one stream. Holds back what has no newline until it is known whether it goes on. */
class LineSplitter {
  readonly #told: ByteText;
  /** Of the line that has not ended. */
  #head: Head | undefined;
  #open = nothing;
  /** The beginning of a character. */
  #held = nothing;

  constructor(told: ByteText) {
    this.#told = told;
  }

  take({ bytes, ...head }: Recorded<OutputRecord>): void {
    let text = this.#readable(bytes);
    if (this.#open.length > 0 && text.length > 0) {
      const goesOn = text[0] !== newline;
      this.#tell(this.#head ?? head, this.#open, goesOn);
      if (!goesOn) text = text.subarray(1);
      this.#open = nothing;
    }
    const end = text.lastIndexOf(newline);
    if (end !== -1) this.#tell(head, text.subarray(0, end));
    if (this.#open.length > 0) return;
    this.#head = head;
    this.#open = Buffer.from(text.subarray(end + 1));
  }

  /** Tells what ended without a newline. */
  tellRest(): void {
    const text = Buffer.concat([this.#open, this.#held]).toString();
    if (text !== '' && this.#head) this.#tell(this.#head, Buffer.from(text));
    this.#open = nothing;
    this.#held = nothing;
  }

  /** What came, as UTF-8 without a part of a character at its end. */
  #readable(bytes: Buffer): Buffer {
    const whole = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    const cut = whole.length - unfinishedCharacter(whole);
    this.#held = cut < whole.length ? Buffer.from(whole.subarray(cut)) : nothing;
    const text = whole.subarray(0, cut);
    return isUtf8(text) ? text : Buffer.from(text.toString());
  }

  #tell({ type, seq, at, task, stream }: Head, lines: Buffer, isPartial = false): void {
    const begin = `${jsonLine({ type, seq, at, task, stream }).slice(0, -2)},"text":"`;
    const end = `"${isPartial ? ',"partial":true' : ''}}\n`;
    this.#told.add(begin);
    if (isShown(lines)) this.#told.addEscapedLines(lines, end + begin);
    else
      this.#told.add(
        lines
          .toString()
          .split('\n')
          .map(shown)
          .join(end + begin),
      );
    this.#told.add(end);
  }
}

const nothing = Buffer.alloc(0);
const newline = 0x0a;

/** Certainly nothing in it is left by JSON that a terminal obeys: DEL, or U+0080 to U+009F, whose first byte is C2. */
const isShown = (text: Buffer): boolean => !text.includes(0x7f) && !text.includes(0xc2);

const shown = (line: string): string => jsonLine(line).slice(1, -2);
