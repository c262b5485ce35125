import { isAborted } from '../base/abort.ts';
import { openIfThere } from './journal-reader.ts';
import { RecordParser } from './record-parser.ts';

import type { JournalRecord } from '../event/event.ts';
import type { Span } from './journal-block.ts';
import type { ReadOptions } from './journal-reader.ts';

/**
 * The records in some parts of a journal, each of which begins and ends between records: those of one reading at a
 * time. Ends at what is no record.
 */
export async function* readSpans(
  path: string,
  spans: readonly Span[],
  { signal, lends = false }: Pick<ReadOptions, 'signal' | 'lends'> = {},
): AsyncGenerator<readonly JournalRecord[], void> {
  await using file = await openIfThere(path);
  if (!file) return;
  const parser = new RecordParser({ lends });
  for (const [from, to] of joined(spans)) {
    for (let position = from; position < to;) {
      const room = parser.room();
      const length = Math.min(room.length, to - position);
      const { bytesRead } = await file.read(room, 0, length, position);
      if (bytesRead === 0 || isAborted(signal)) return;
      position += bytesRead;
      const records = parser.took(bytesRead);
      if (records.length > 0) yield records;
      if (parser.broken) return;
    }
  }
}

/** The bytes of some parts of a journal, one after the other. They are valid until the next are asked for. */
export async function* readBytes(
  path: string,
  spans: readonly Span[],
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void> {
  await using file = await openIfThere(path);
  if (!file) return;
  const largest = spans.reduce((most, [from, to]) => Math.max(most, to - from), 0);
  const room = Buffer.allocUnsafe(largest);
  for (const [from, to] of spans) {
    let used = 0;
    while (from + used < to) {
      const { bytesRead } = await file.read(room, used, to - from - used, from + used);
      if (bytesRead === 0 || isAborted(signal)) return;
      used += bytesRead;
    }
    yield room.subarray(0, used);
  }
}

/** Parts that follow on each other are one. */
function* joined(spans: readonly Span[]): Generator<Span> {
  let open: Span | undefined;
  for (const [from, to] of spans) {
    if (open?.[1] === from) open = [open[0], to];
    else {
      if (open) yield open;
      open = [from, to];
    }
  }
  if (open) yield open;
}
