import { readBatches } from '../journal/journal-reader.ts';
import { readSpans } from '../journal/read-spans.ts';
import { lastLines, logBytes, maxTailBytes, someLines } from './log-text.ts';

import type { JournalIndex } from '../journal/journal-index.ts';
import type { IsAlive } from '../journal/owner.ts';
import type { LineRange } from './log-text.ts';

export interface LogWanted extends LineRange {
  /** Absent: all of them. */
  readonly task?: string | undefined;
  /** Only so many last lines; then what follows. */
  readonly tail?: number | undefined;
  /** Goes on as long as the run does. */
  readonly follow?: { readonly isAlive: IsAlive } | undefined;
  readonly signal: AbortSignal;
  /** Each piece of the text is valid only until the next one is asked for. */
  readonly lends?: boolean;
}

/**
 * What was printed, as plain text. To be called at once after an update of the index: of what is before the first line
 * that is wanted, only a little is read.
 */
export function runLog(index: JournalIndex, wanted: LogWanted): AsyncGenerator<Buffer> {
  const { path, blocks, isOver } = index;
  const { task, from = 1, tail, follow, signal, lends = false } = wanted;
  const text = blocks.text(task);
  const place =
    tail === undefined ? text.placeOf(from) : text.placeOfEnd(tail, tailRoom * maxTailBytes);
  // Which lines are the last is not known before all of them are, so these are kept.
  const lendsPast = lends && tail === undefined;
  const read = readSpans(path, text.spans(place), { signal, lends: lendsPast });
  const past = logBytes(read, task, { open: place.open, lends: lendsPast });
  const followed = { position: blocks.end, follow, signal, lends };
  const rest =
    follow && !isOver
      ? logBytes(readBatches(path, followed), task, { open: text.open, lends })
      : nothing();
  return tail === undefined
    ? someLines(oneAfterTheOther(past, rest), wanted, place.lines)
    : lastAndMore(past, tail, rest);
}

/** Bytes of blocks in which a task is not alone are not all its own. */
const tailRoom = 2;

async function* lastAndMore(
  past: AsyncIterable<Buffer>,
  tail: number,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const end = await lastLines(past, tail);
  if (end.length > 0) yield end;
  yield* rest;
}

async function* oneAfterTheOther(
  one: AsyncIterable<Buffer>,
  other: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  yield* one;
  yield* other;
}

async function* nothing(): AsyncGenerator<Buffer> {
  // There is no more.
}
