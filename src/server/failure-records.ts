import { readSpans } from '../journal/read-spans.ts';
import { FailureWindow } from '../report/failure-window.ts';
import { maxLines } from '../report/failure.ts';

import type { JournalRecord } from '../event/event.ts';
import type { RunView } from '../event/view.ts';
import type { Span } from '../journal/journal-block.ts';
import type { JournalIndex } from '../journal/journal-index.ts';

/** Where in a journal that is which belongs to the failure of its run. */
export interface FailureSpans {
  readonly spans: readonly Span[];
  /** The tasks that said more than is there. */
  readonly shortened: ReadonlySet<string>;
}

/** The last lines of a task are looked for no farther back than this. */
const maxBytes = 1_024 * 1_024;

/**
 * Finds what is to be read of a journal so as to tell of a failure: all events, and of each task that belongs to it
 * the blocks with its last lines.
 */
export async function findFailure(index: JournalIndex, view: RunView): Promise<FailureSpans> {
  const { path, blocks } = index;
  await index.update();
  const events = blocks.events(0);
  const window = new FailureWindow(view);
  for await (const records of readSpans(path, events))
    for (const record of records) if (record.type !== 'output') window.take(record);
  // Somebody else may be updating it since; it is to be asked at once after that.
  await index.update();
  const shortened = new Set<string>();
  const spans: Span[] = [...events];
  for (const { task, ...between } of window.parts()) {
    const end = blocks.text(task).endBetween(between, { lines: maxLines + 2, bytes: maxBytes });
    spans.push(...end.spans);
    if (!end.isAll) shortened.add(task);
  }
  return { spans: merged(spans), shortened };
}

/** The records there, in their order. */
export async function* recordsIn(
  path: string,
  spans: readonly Span[],
): AsyncGenerator<JournalRecord> {
  for await (const records of readSpans(path, spans)) yield* records;
}

/** The same places, each once. */
function merged(spans: readonly Span[]): readonly Span[] {
  const all: [number, number][] = [];
  for (const [from, to] of spans.toSorted(([one], [other]) => one - other)) {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}
