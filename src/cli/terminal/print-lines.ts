import { LinePrinter } from './line-printer.ts';
import { send } from './port.ts';
import { namesOf } from './name-column.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { Look } from '../../report/look.ts';
import type { OutputPort } from './port.ts';

export interface PrintOptions {
  readonly look: Look;
  /**
   * `prefixed` puts the task's name before every line, `bare` nothing; `raw` gives the very bytes
   * that were printed, fit for a file and not for a terminal.
   */
  readonly style: 'prefixed' | 'bare' | 'raw';
  /** The time of day in UTC before every line; not in `raw`. */
  readonly timestamps: boolean;
  /** The ids of the tasks to print. Absent: all of them. */
  readonly only?: ReadonlySet<string>;
}

/** Prints what tasks said, in the order of the journal, and nothing else. */
export async function printLines(
  records: AsyncIterable<JournalRecord>,
  port: OutputPort,
  { look, style, timestamps, only }: PrintOptions,
): Promise<void> {
  let names = namesOf(undefined, look);
  const printer = new LinePrinter(port, {
    color: look.color,
    prefixOf: ({ task, stream, at }) => {
      const time = timestamps ? `${new Date(at).toISOString()} ` : '';
      return style === 'prefixed' ? time + names.lineOf(task, stream) : time;
    },
  });
  for await (const record of records) {
    if (record.type === 'run.started') names = namesOf(record.plan, look);
    if (record.type !== 'output' || only?.has(record.task) === false) continue;
    if (style === 'raw') await send(port, record.bytes);
    else await printer.output(record);
  }
  await printer.end();
}
