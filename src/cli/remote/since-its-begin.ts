import type { JournalRecord } from '../../event/event.ts';

/** The records of a run without a word of its having been loaded, which whoever has it run at once need not know. */
export async function* sinceItsBegin(
  records: AsyncIterable<JournalRecord>,
): AsyncGenerator<JournalRecord> {
  let isLoaded = false;
  for await (const record of records) {
    const isBegin = isLoaded && record.type === 'run.resumed';
    if (record.type === 'run.paused') isLoaded = record.why.kind === 'loaded';
    if (isBegin) isLoaded = false;
    else if (record.type !== 'run.paused' || !isLoaded) yield record;
  }
}
