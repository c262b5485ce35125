import type { JournalRecord } from './event.ts';

/** Whether a run that had not begun has, once this happened: something of it, or its end. */
export const isBeginning = ({ type }: Pick<JournalRecord, 'type'>): boolean => begins.has(type);

// A stage that is skipped, or that cannot start, never starts; but the run went on for that.
const begins: ReadonlySet<string> = new Set<JournalRecord['type']>([
  'stage.started',
  'stage.ended',
  'run.cancelling',
  'run.ended',
]);
