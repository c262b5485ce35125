import { readJournal } from '../../journal/journal-reader.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { FollowOptions } from '../../journal/journal-reader.ts';

/** The number of the record that follows the last pause of a run; 0 when there was none. */
export async function afterLastPause(path: string): Promise<number> {
  let after = 0;
  for await (const record of readJournal(path)) if (isPause(record)) after = record.seq + 1;
  return after;
}

/**
 * All records of a run that was resumed after `from`, until it is paused again or over. Those before `from`
 * are given, too: what comes later can be understood only with them.
 */
export async function* phase(
  path: string,
  from: number,
  options: Omit<FollowOptions, 'from'>,
): AsyncGenerator<JournalRecord> {
  let isResumed = from === 0;
  for await (const record of readJournal(path, options)) {
    yield record;
    if (record.seq < from) continue;
    if (record.type === 'run.resumed') isResumed = true;
    // What fails in a pause is told as another pause.
    if (isPause(record) && isResumed) return;
  }
}

/** That a run is loaded is none: nothing of it has begun. */
const isPause = (record: JournalRecord): boolean =>
  record.type === 'run.paused' && record.why.kind !== 'loaded';
