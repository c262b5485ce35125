import { isBeginning } from '../event/begun.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { isKept, wipeOrder } from '../journal/order-file.ts';
import { runIds } from '../journal/runs.ts';
import { journalPath } from '../journal/state-dir.ts';

/** Forgets what runs were kept by that have begun since, and were killed before they could forget it themselves. */
export async function wipeBegun(stateDir: string): Promise<void> {
  // What cannot be read is let be.
  for (const run of await runIds(stateDir))
    if (isKept(stateDir, run) && (await hasBegun(stateDir, run).catch(() => false)))
      wipeOrder(stateDir, run);
}

/** Whether a run that was loaded has begun, as its journal says. Rejects when that cannot be read. */
export async function hasBegun(stateDir: string, run: string): Promise<boolean> {
  for await (const record of readJournal(journalPath(stateDir, run)))
    if (isBeginning(record)) return true;
  return false;
}
