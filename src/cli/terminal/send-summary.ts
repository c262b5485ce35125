import { gatherFailure } from '../../report/failure.ts';
import { gatherLost, lostServices } from '../../report/lost-services.ts';
import { summaryLines } from '../../report/summary.ts';
import { send } from './port.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { RunView } from '../../event/view.ts';
import type { Look } from '../../report/look.ts';
import type { OutputPort } from './port.ts';

/** Outside a terminal, lines are made for a page of this width. */
const pageColumns = 100;

/** Writes what became of the run, which `reread` gives from its start; only what failed is looked up there. */
export async function sendSummary(
  port: OutputPort,
  view: RunView,
  reread: () => AsyncIterable<JournalRecord>,
  look: Look,
): Promise<void> {
  const columns = port.isTTY ? port.columns : pageColumns;
  const failure = view.outcome !== 'failed' ? undefined : await gatherFailure(reread(), view, look);
  const services = lostServices(view);
  const lost = services.length === 0 ? [] : await gatherLost(reread(), services, look);
  for (const line of summaryLines(view, failure, { ...look, columns, wraps: port.isTTY }, lost))
    await send(port, `${line}\n`);
}
