import { isAborted } from '../base/abort.ts';
import { openIfThere } from './journal-reader.ts';
import { RecordParser } from './record-parser.ts';

import type { FileHandle } from 'node:fs/promises';
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

/** The bytes of one part of a journal, as far as they are there. */
export async function readSpan(file: FileHandle, [from, to]: Span): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(to - from);
  let used = 0;
  while (used < bytes.length) {
    const { bytesRead } = await file.read(bytes, used, bytes.length - used, from + used);
    if (bytesRead === 0) break;
    used += bytesRead;
  }
  return bytes.subarray(0, used);
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
