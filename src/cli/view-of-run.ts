import { foldEvent } from '../event/fold-event.ts';
import { openView } from '../event/view.ts';
import { readJournal } from '../journal/journal-reader.ts';

import type { RunView } from '../event/view.ts';

/** A run as its journal tells it. `undefined`: nothing of it is written. */
export async function viewOfRun(path: string): Promise<RunView | undefined> {
  let view: RunView | undefined;
  for await (const record of readJournal(path)) {
    if (record.type === 'run.started') view ??= openView(record);
    else if (view && record.type !== 'output') foldEvent(view, record);
  }
  return view;
}
