import { foldEvent } from '../../event/fold-event.ts';
import { endedTask } from '../../event/tasks.ts';
import { openView } from '../../event/view.ts';
import { nodesOfPlan } from '../../plan/order.ts';
import { pad } from '../../report/width.ts';
import { cixLogLine, isWanted } from './cix-level.ts';
import { cixLines } from './cix-lines.ts';
import { LinePrinter } from './line-printer.ts';

import type { RunView } from '../../event/view.ts';
import type { Plan } from '../../plan/plan.ts';
import type { CixLevel } from './cix-level.ts';
import type { OutputPort } from './port.ts';
import type { Reporter } from './reporter.ts';

export interface CixLook {
  readonly color: boolean;
  /** Lines of CIX's own log below it are left out. What tasks print is always shown. */
  readonly level: CixLevel;
  /** What is shown: what happens, and what tasks print, or only what happens. */
  readonly shows: 'everything' | 'events';
}

/**
 * A run as CIX's console and its log files show it: its own log, and `name | line` between. Records before
 * `since` are only taken in.
 */
export function cixReporter(
  port: OutputPort,
  { color, level, shows }: CixLook,
  since = 0,
): Reporter {
  return {
    async run(records) {
      let names: ReadonlyMap<string, string> = new Map();
      let view: RunView | undefined;
      const told = cixLines();
      const printer = new LinePrinter(port, {
        color,
        prefixOf: ({ task, stream }) =>
          `${names.get(task) ?? task} | ${color && stream === 'stderr' ? red : ''}`,
        suffixOf: (stream) => (color && stream === 'stderr' ? plain : ''),
      });
      for await (const record of records) {
        if (record.type === 'output') {
          if (shows === 'everything') await printer.output(record);
          continue;
        }
        if (record.type === 'run.started') {
          view = openView(record);
          names = columnOf(record.plan, color);
        } else if (view) foldEvent(view, record);
        if (!view) continue;
        const ended = endedTask(record);
        if (ended !== undefined) await printer.ended(ended, record);
        for (const line of told(record, view))
          if (record.seq >= since && isWanted(line.level, level))
            await printer.line(cixLogLine(record.at, line.level, line.text, color));
      }
      await printer.end();
    },
  };
}

const red = '\x1b[31m';
const plain = '\x1b[0m';
const nameColumns = 20;
/** They take turns. Red is kept for what came from stderr. */
const palette = [36, 32, 33, 34, 35];

function columnOf(plan: Plan, color: boolean): ReadonlyMap<string, string> {
  const tasks = nodesOfPlan(plan).filter(({ kind }) => kind !== 'group');
  return new Map(
    tasks.map(({ id, name }, index) => {
      const column = pad(name, nameColumns, '~');
      const code = palette[index % palette.length]!;
      return [id, color ? `\x1b[${code}m${column}${plain}` : column];
    }),
  );
}
