import { foldEvent } from '../../event/fold-event.ts';
import { openView } from '../../event/view.ts';
import { Tail } from '../../report/tail.ts';
import { frame } from './frame.ts';
import { Screen } from './screen.ts';
import { sendSummary } from './send-summary.ts';

import type { Clock } from '../../base/clock.ts';
import type { JournalRecord } from '../../event/event.ts';
import type { RunView } from '../../event/view.ts';
import type { Look } from '../../report/look.ts';
import type { Desk } from './desk.ts';
import type { OutputPort } from './port.ts';
import type { Reporter } from './reporter.ts';

const frameMs = 66;
const tailLines = 8;

/**
 * A picture of the run that is drawn again as it goes on, and replaced by the summary at its end.
 * However much the tasks say, only the last lines of each are remembered.
 */
export function liveReporter(
  port: OutputPort,
  look: Look,
  clock: Clock,
  desk?: Pick<Desk, 'appearIn' | 'rows'>,
): Reporter {
  return {
    async run(records, reread) {
      const view = await watch(records, port, look, clock, desk);
      if (view) await sendSummary(port, view, reread, look);
    },
  };
}

async function watch(
  records: AsyncIterable<JournalRecord>,
  port: OutputPort,
  look: Look,
  clock: Clock,
  desk: Pick<Desk, 'appearIn' | 'rows'> | undefined,
): Promise<RunView | undefined> {
  const screen = new Screen(port);
  const tails = new Map<string, Tail>();
  let view: RunView | undefined;
  let drawnAt = 0;
  const draw = (): void => {
    drawnAt = clock.now();
    if (!view) return;
    // The last column and the last row stay free: writing there makes terminals wrap and scroll.
    const canvas = { ...look, columns: port.columns - 1, rows: port.rows - 1 };
    const asked = (desk?.rows(canvas) ?? []).slice(1 - canvas.rows);
    const rows = canvas.rows - asked.length;
    screen.draw([...frame(view, tails, drawnAt, { ...canvas, rows }), ...asked]);
  };
  const ticks = setInterval(draw, frameMs);
  const stopResizing = port.onResize(draw);
  using _asking = desk?.appearIn(draw);
  try {
    for await (const record of records) {
      if (record.type === 'output')
        tailOf(tails, record.task, look).take(record.stream, record.bytes);
      else if (record.type === 'run.started') view = openView(record);
      else if (view) {
        // What was said before is no longer the last word of what starts again.
        if (record.type === 'step.started') tails.delete(record.step);
        foldEvent(view, record);
      }
      // Records that come without a pause leave no turn for the timer.
      if (clock.now() - drawnAt >= frameMs) draw();
    }
  } finally {
    clearInterval(ticks);
    stopResizing();
    await screen.close();
  }
  return view;
}

function tailOf(tails: Map<string, Tail>, task: string, { color }: Look): Tail {
  const tail = tails.get(task) ?? new Tail(tailLines, color);
  tails.set(task, tail);
  return tail;
}
