import { endedTask } from '../../event/tasks.ts';
import { foldEvent } from '../../event/fold-event.ts';
import { openView } from '../../event/view.ts';
import { paint, signsOf } from '../../report/look.ts';
import { LinePrinter } from './line-printer.ts';
import { milestone } from './milestones.ts';
import { namesOf } from './name-column.ts';
import { sendSummary } from './send-summary.ts';

import type { Recorded, RunEvent } from '../../event/event.ts';
import type { RunView } from '../../event/view.ts';
import type { Look, Tone } from '../../report/look.ts';
import type { Milestone } from './milestones.ts';
import type { OutputPort } from './port.ts';
import type { Reporter } from './reporter.ts';

/** One line after the other: what tasks say, and what happens to them. For pipes, files and CI. */
export function plainReporter(port: OutputPort, look: Look): Reporter {
  return {
    async run(records, reread) {
      let names = namesOf(undefined, look);
      let view: RunView | undefined;
      const printer = new LinePrinter(port, {
        color: look.color,
        prefixOf: ({ task, stream }) => names.lineOf(task, stream),
      });
      const newsOf = newsworthy();
      for await (const record of records) {
        if (record.type === 'output') {
          await printer.output(record);
          continue;
        }
        if (record.type === 'run.started') {
          view = openView(record);
          names = namesOf(record.plan, look);
        } else if (view) foldEvent(view, record);
        if (!view) continue;
        const ended = endedTask(record);
        if (ended !== undefined) await printer.ended(ended, record);
        const told = newsOf(record, view);
        if (told) await printer.line(lineOf(told, names.columnOf(told.about ?? ''), look));
      }
      await printer.end();
      if (view) await sendSummary(port, view, reread, look);
    },
  };
}

/** An answer that does not change, and a pull that goes on, are told again after these times. */
const repeatMs = { asked: 10_000, pulling: 30_000 };

/** The milestones of a run, without what is told again and again while a person waits. */
export function newsworthy(): typeof milestone {
  const told = new Map<string, { readonly what: string; readonly at: number }>();
  const isNews = (of: string, what: string, at: number, everyMs: number): boolean => {
    const last = told.get(of);
    if (last?.what === what && at - last.at < everyMs) return false;
    told.set(of, { what, at });
    return true;
  };
  return (event: Recorded<RunEvent>, view: RunView): Milestone | undefined => {
    const news = milestone(event, view);
    if (!news) return undefined;
    if (event.type === 'service.asked') {
      const answers = event.asked.map(({ probe, answer }) => `${probe} ${answer}`).join('\n');
      return isNews(`service ${event.service}`, answers, event.at, repeatMs.asked)
        ? news
        : undefined;
    }
    if (event.type !== 'image.progress') return news;
    const { progress } = event;
    // A retry has told that it begins again.
    const phase = progress.kind === 'retrying' ? 'pulling' : progress.kind;
    const isTold = isNews(`image ${progress.image}`, phase, event.at, repeatMs.pulling);
    return isTold || progress.kind === 'retrying' ? news : undefined;
  };
}

function lineOf({ kind, text }: Milestone, column: string, look: Look): string {
  const signs = signsOf(look);
  const sign = kind === 'event' ? signs.event : signs[kind];
  const tones: Readonly<Record<Milestone['kind'], Tone>> = {
    event: 'dim',
    good: 'good',
    bad: 'bad',
    warning: 'warn',
  };
  return `${column}${paint(look, tones[kind], `${sign} ${text}`)}`;
}
