import { isUtf8 } from 'node:buffer';

import type { JournalRecord } from '../event/event.ts';

/** A record as data of an event: output is `text`, or `base64` where it is no UTF-8. */
function toData(record: JournalRecord): unknown {
  if (record.type !== 'output') return record;
  const { bytes, ...head } = record;
  return isUtf8(bytes)
    ? { ...head, text: bytes.toString() }
    : { ...head, base64: bytes.toString('base64') };
}

/**
 * A record as one server-sent event, whose id is its number. Its data is one line: JSON has no others.
 * It has no name of its own, so that whoever listens hears of all types.
 */
export const toMessage = (record: JournalRecord): string =>
  `id: ${record.seq}\ndata: ${JSON.stringify(toData(record))}\n\n`;

/** The last event: what has become of the run, told by none of its records when it was lost. */
export const endMessage = (outcome: string): string =>
  `event: end\ndata: ${JSON.stringify({ outcome })}\n\n`;

/** Keeps connections open that would be closed for their silence. */
export const beat = ': still here\n\n';

/** The same, with `beat` whenever nothing else has come for a while. */
export async function* withBeats(
  messages: AsyncIterable<string>,
  everyMs: number,
): AsyncGenerator<string> {
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
