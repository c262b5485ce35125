import { readBatches } from '../journal/journal-reader.ts';
import { readSpans } from '../journal/read-spans.ts';

import type { JournalRecord } from '../event/event.ts';
import type { Span } from '../journal/journal-block.ts';
import type { JournalIndex } from '../journal/journal-index.ts';
import type { IsAlive } from '../journal/owner.ts';

/** Records, as many at a time as there are. */
export type RecordBatches = AsyncIterable<readonly JournalRecord[]>;

export interface RecordsWanted {
  /** The number of the first. */
  readonly from: number;
  /** Also what was printed. */
  readonly output: boolean;
  /** Goes on as long as the run does. */
  readonly follow: { readonly isAlive: IsAlive } | undefined;
  readonly signal: AbortSignal;
  /** See `ReadOptions`. */
  readonly lends?: boolean;
}

/**
 * The records of a run, as many at a time as there are. Of what was there before the first that is wanted, only a little is
 * read, and of output nothing when it is not wanted, but of what comes while it is followed. To be called at once after an
 * update of the index.
 */
export function runRecords(
  { path, blocks, isOver }: JournalIndex,
  { from, output, follow, signal, lends }: RecordsWanted,
): RecordBatches {
  const [position, end] = [blocks.positionOf(from), blocks.end];
  const spans: readonly Span[] = output ? [[position, end]] : blocks.events(position);
  const past = readSpans(path, spans, { signal, lends });
  const followed = { position: end, from, follow, signal, lends };
  return wantedOf(past, follow && !isOver ? readBatches(path, followed) : [], { from, output });
}

async function* wantedOf(
  past: RecordBatches,
  rest: RecordBatches | readonly [],
  { from, output }: Pick<RecordsWanted, 'from' | 'output'>,
): AsyncGenerator<readonly JournalRecord[]> {
  const isWanted = ({ seq, type }: JournalRecord) => seq >= from && (output || type !== 'output');
  for (const batches of [past, rest])
    for await (const records of batches) yield records.filter(isWanted);
}
