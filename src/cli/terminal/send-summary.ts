import { gatherFailure } from '../../report/failure.ts';
import { summaryLines } from '../../report/summary.ts';
import { send } from './port.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { RunView } from '../../event/view.ts';
import type { Look } from '../../report/look.ts';
import type { OutputPort } from './port.ts';

/** Outside a terminal, lines are made for a page of this width. */
const pageColumns = 100;

/** Writes what became of the run; `again` is read only when it failed. */
export async function sendSummary(
  port: OutputPort,
  view: RunView,
  again: AsyncIterable<JournalRecord>,
  look: Look,
): Promise<void> {
  const columns = port.isTTY ? port.columns : pageColumns;
  const failure = view.outcome !== 'failed' ? undefined : await gatherFailure(again, view, look);
  for (const line of summaryLines(view, failure, { ...look, columns, wraps: port.isTTY }))
    await send(port, `${line}\n`);
}
