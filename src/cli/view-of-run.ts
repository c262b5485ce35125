import { foldEvent } from '../event/fold-event.ts';
import { openView } from '../event/view.ts';
import { JournalIndex } from '../journal/journal-index.ts';
import { readSpans } from '../journal/read-spans.ts';

import type { RunView } from '../event/view.ts';

/**
 * A run as its journal tells it; `undefined`: nothing of it is written. What was printed is hardly read where an index
 * tells where the events are.
 */
export async function viewOfRun(path: string): Promise<RunView | undefined> {
  const index = new JournalIndex(path);
  await index.update();
  let view: RunView | undefined;
  for await (const records of readSpans(path, index.blocks.events(0), { lends: true }))
    for (const record of records) {
      if (record.type === 'run.started') view ??= openView(record);
      else if (view && record.type !== 'output') foldEvent(view, record);
    }
  return view;
}
