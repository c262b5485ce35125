import { isUtf8 } from 'node:buffer';

import type { ByteText } from '../base/byte-text.ts';
import type { JournalRecord } from '../event/event.ts';

/**
 * Puts records as server-sent events, one for each, whose id is its number. The data of one is one line: JSON has no others.
 * It has no name of its own, so that whoever listens hears of all types.
 */
export function addMessages(records: readonly JournalRecord[], text: ByteText): void {
  for (const record of records) {
    text.add(`id: ${record.seq}\ndata: `);
    if (record.type === 'output') addOutput(record, text);
    else text.add(JSON.stringify(record));
    text.add('\n\n');
  }
}

/** Output is `text`, or `base64` where it is no UTF-8. */
function addOutput(
  { bytes, ...head }: Extract<JournalRecord, { type: 'output' }>,
  text: ByteText,
): void {
  text.add(JSON.stringify(head).slice(0, -1));
  if (isUtf8(bytes)) {
    text.add(',"text":"');
    text.addEscaped(bytes);
  } else text.add(`,"base64":"${bytes.toString('base64')}`);
  text.add('"}');
}

/** The last event: what has become of the run; told by none of its records when it was lost, nor until when it lived. */
export const endMessage = (outcome: string, lostAt?: number): string =>
  `event: end\ndata: ${JSON.stringify({ outcome, ...(lostAt !== undefined && { endedAt: lostAt }) })}\n\n`;

/** Keeps connections open that would be closed for their silence. */
export const beat = ': still here\n\n';

/** The same, with a beat whenever nothing else has come for a while. */
export async function* withBeats(
  messages: AsyncIterable<string | Buffer>,
  beat: string,
  everyMs: number,
): AsyncGenerator<string | Buffer> {
  const iterator = messages[Symbol.asyncIterator]();
  try {
    for (let next = iterator.next(); ;) {
      const came = await soon(next, everyMs);
      if (came === 'silence') {
        yield beat;
        continue;
      }
      if (came.done === true) return;
      yield came.value;
      next = iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}

async function soon<T>(promise: Promise<T>, ms: number): Promise<T | 'silence'> {
  const silence = Promise.withResolvers<'silence'>();
  const timer = setTimeout(() => silence.resolve('silence'), ms);
  try {
    return await Promise.race([promise, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
