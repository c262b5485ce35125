import { FailureWindow } from './failure-window.ts';
import { Tail } from './tail.ts';

import type { JournalRecord } from '../event/event.ts';
import type { RunView } from '../event/view.ts';

/** The end of what one task said. */
export interface Excerpt {
  readonly task: string;
  readonly lines: readonly string[];
  /** There is more of it in the journal. */
  readonly cut: boolean;
}

/** What there is to read about a failure, each no longer than a few lines. */
export interface Failure {
  /** Of the steps that failed, or that the cause interrupted. */
  readonly steps: readonly Excerpt[];
  /** Of every service, as far as it was said meanwhile; one that is the cause comes first. */
  readonly services: readonly Excerpt[];
}

/** So many last lines of each are told. */
export const maxLines = 15;

export interface FailureLook {
  readonly color: boolean;
  /** Tasks of which the records leave out something that belongs to the failure. Absent: none. */
  readonly shortened?: ReadonlySet<string>;
}

/**
 * Reads what belongs to the failure of a run out of its records: the last lines of the steps it
 * stopped, and what every service said while they ran, or while the service lived that broke.
 */
export async function gatherFailure(
  records: AsyncIterable<JournalRecord>,
  view: RunView,
  { color, shortened }: FailureLook,
): Promise<Failure> {
  const window = new FailureWindow(view);
  const tails = new Map<string, Tail>();
  for await (const record of records) {
    if (record.type !== 'output') {
      for (const task of window.take(record)) tails.delete(task);
      continue;
    }
    if (!window.has(record.task)) continue;
    const tail = tails.get(record.task) ?? new Tail(maxLines, color);
    tails.set(record.task, tail);
    tail.take(record.stream, record.bytes);
  }
  const excerpt = (task: string): Excerpt => {
    const tail = tails.get(task);
    tail?.end();
    const cut = tail?.cut === true || shortened?.has(task) === true;
    return { task, lines: tail?.lines() ?? [], cut };
  };
  return { steps: window.steps.map(excerpt), services: window.services.map(excerpt) };
}
