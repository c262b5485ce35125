import { StringDecoder } from 'node:string_decoder';

import { send } from './port.ts';

import type { JournalRecord, OutputRecord, Recorded } from '../../event/event.ts';
import type { OutputPort } from './port.ts';
import type { Reporter } from './reporter.ts';

/**
 * Every event as one line of JSON, and every line that a task prints as one, without its newline.
 * `partial` marks a line, or the part of one, that no newline has ended so far. Nothing else is
 * ever printed.
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
  const decoders = new Map<string, StringDecoder>();
  for await (const record of records) {
    if (record.type !== 'output') {
      yield `${JSON.stringify(record)}\n`;
      continue;
    }
    const key = `${record.stream} ${record.task}`;
    const decoder = decoders.get(key) ?? new StringDecoder('utf8');
    decoders.set(key, decoder);
    const text = outputLines(record, decoder.write(record.bytes));
    if (text !== '') yield text;
  }
}

function outputLines({ seq, at, task, stream }: Recorded<OutputRecord>, text: string): string {
  const head = JSON.stringify({ type: 'output', seq, at, task, stream }).slice(0, -1);
  const lines = text.split('\n');
  const part = lines.pop() ?? '';
  const whole = lines.map((line) => `${head},"text":${JSON.stringify(line)}}\n`).join('');
  return part === '' ? whole : `${whole}${head},"text":${JSON.stringify(part)},"partial":true}\n`;
}
