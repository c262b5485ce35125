import { isBeginning } from '../event/begun.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { isKept, wipeOrder } from '../journal/order-file.ts';
import { runIds } from '../journal/runs.ts';
import { journalPath } from '../journal/state-dir.ts';

/** Forgets what runs were kept by that have begun since, and were killed before they could forget it themselves. */
export async function wipeBegun(stateDir: string): Promise<void> {
  for (const run of await runIds(stateDir))
    if (isKept(stateDir, run) && (await hasBegun(journalPath(stateDir, run))))
      wipeOrder(stateDir, run);
}

async function hasBegun(path: string): Promise<boolean> {
  try {
    for await (const record of readJournal(path)) if (isBeginning(record)) return true;
  } catch {
    // What cannot be read is let be.
  }
  return false;
}
