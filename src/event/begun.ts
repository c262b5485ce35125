import type { JournalRecord } from './event.ts';
import type { RunView } from './view.ts';

/** Whether a run that had not begun has, once this happened: something of it, or its end. */
export const isBeginning = ({ type }: Pick<JournalRecord, 'type'>): boolean => begins.has(type);

// A stage that is skipped, or that cannot start, never starts; but the run went on for that.
const begins: ReadonlySet<string> = new Set<JournalRecord['type']>([
  'stage.started',
  'stage.ended',
  'run.cancelling',
  'run.ended',
]);

/** The same of a run as it is now. */
export const hasBegun = ({ stages, cancelledBy, endedAt }: RunView): boolean =>
  cancelledBy !== undefined ||
  endedAt !== undefined ||
  [...stages.values()].some(({ state }) => state !== 'pending');
