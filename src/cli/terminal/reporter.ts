import type { JournalRecord } from '../../event/event.ts';

/** Shows a run while it goes on, and what became of it. */
export interface Reporter {
  /**
   * Takes in the records until they end, then shows the summary; or leaves them, when nothing is to be shown. `reread`
   * gives them once more from the first. Settles when everything is written. What tasks printed is
   * lent: it is valid until the next record is asked for.
   */
  run(
    records: AsyncIterable<JournalRecord>,
    reread: () => AsyncIterable<JournalRecord>,
  ): Promise<void>;
}
