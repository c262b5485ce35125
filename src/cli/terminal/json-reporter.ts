import { StringDecoder } from 'node:string_decoder';

import { endedTask } from '../../event/tasks.ts';
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
      for await (const text of jsonLines(records)) await send(port, text);
    },
  };
}

/** The lines of `jsonReporter`; those of one record together. */
export async function* jsonLines(records: AsyncIterable<JournalRecord>): AsyncGenerator<string> {
  const streams = new Map<string, LineSplitter>();
  for await (const record of records) {
    if (record.type !== 'output') {
      const ended = endedTask(record);
      if (ended !== undefined) yield* restOf(streams, ended);
      yield jsonLine(record);
      continue;
    }
    const key = `${record.stream} ${record.task}`;
    const stream = streams.get(key) ?? new LineSplitter();
    streams.set(key, stream);
    const text = stream.take(record);
    if (text !== '') yield text;
  }
  for (const stream of streams.values()) yield* stream.rest();
}

function* restOf(streams: Map<string, LineSplitter>, task: string): Generator<string> {
  for (const key of [`stdout ${task}`, `stderr ${task}`]) {
    yield* streams.get(key)?.rest() ?? [];
    streams.delete(key);
  }
}

type Head = Omit<Recorded<OutputRecord>, 'bytes'>;

/** The lines of one stream. Holds back what has no newline until it is known whether it goes on. */
class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #head: Head | undefined;
  #open = '';

  take({ bytes, ...head }: Recorded<OutputRecord>): string {
    const lines = this.#decoder.write(bytes).split('\n');
    const open = lines.pop() ?? '';
    let told = '';
    if (this.#open !== '' && (lines.length > 0 || open !== '')) {
      const goesOn = lines[0] !== '';
      told = lineOf(this.#head ?? head, this.#open, goesOn);
      if (!goesOn) lines.shift();
      this.#open = '';
    }
    told += lines.map((line) => lineOf(head, line)).join('');
    if (this.#open === '') [this.#head, this.#open] = [head, open];
    return told;
  }

  /** What ended without a newline. */
  *rest(): Generator<string> {
    const text = this.#open + this.#decoder.end();
    if (text !== '' && this.#head) yield lineOf(this.#head, text);
    this.#open = '';
  }
}

const lineOf = ({ type, seq, at, task, stream }: Head, text: string, partial = false): string =>
  jsonLine({ type, seq, at, task, stream, text, ...(partial && { partial }) });
