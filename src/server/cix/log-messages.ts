import { StringDecoder } from 'node:string_decoder';

import { shortIdOf } from '../../base/short-id.ts';
import { foldEvent } from '../../event/fold-event.ts';
import { endedTask } from '../../event/tasks.ts';
import { openView } from '../../event/view.ts';
import { nodesOfPlan } from '../../plan/order.ts';

import type { JournalRecord, OutputRecord, Recorded, RunEvent } from '../../event/event.ts';
import type { RunView } from '../../event/view.ts';

/** What CIX sends through a silence: no client shows what is `silly` unless it is asked to. */
export const beat = `${JSON.stringify({ level: 'silly', message: 'Heartbeat.' })}\n`;

/** A line of CIX's own log. */
export interface LogLine {
  readonly level: string;
  readonly text: string;
}

/** Tells the lines of each event of one run, which the view has been folded with. */
export type TellLines = (event: Recorded<RunEvent>, view: RunView) => readonly LogLine[];

/**
 * The log of a run as CIX streams it: a JSON object in each line, of its own log and of what steps print, whole
 * lines of that. Records before `from` are only taken in.
 */
export async function* logMessages(
  records: AsyncIterable<JournalRecord>,
  tell: TellLines,
  from: number,
): AsyncGenerator<string> {
  let view: RunView | undefined;
  const printed = new Printed();
  for await (const record of records) {
    if (record.type === 'output') {
      if (view && record.seq >= from) yield* printed.take(record, view);
      continue;
    }
    if (record.type === 'run.started') view = openView(record);
    else if (view) foldEvent(view, record);
    if (!view) continue;
    const ended = endedTask(record);
    if (ended !== undefined) yield* printed.end(ended, view);
    const lines = tell(record, view);
    if (record.seq < from) continue;
    for (const { level, text } of lines)
      if (level !== 'silly') yield toLine({ level, message: text });
  }
  if (view) yield* printed.endAll(view);
}

const toLine = (message: object): string => `${JSON.stringify(message)}\n`;

interface Open {
  readonly decoder: StringDecoder;
  text: string;
}

/** What steps print, in whole lines. */
class Printed {
  readonly #open = new Map<string, Map<OutputRecord['stream'], Open>>();

  *take({ task, stream, bytes }: OutputRecord, view: RunView): Generator<string> {
    const streams = this.#open.get(task) ?? new Map<OutputRecord['stream'], Open>();
    this.#open.set(task, streams);
    const open = streams.get(stream) ?? { decoder: new StringDecoder(), text: '' };
    streams.set(stream, open);
    const text = open.text + open.decoder.write(bytes);
    const end = text.length > maxLine ? text.length : text.lastIndexOf('\n') + 1;
    open.text = text.slice(end);
    if (end > 0) yield told(task, stream, text.slice(0, end), view);
  }

  /** What a task has left without a newline. */
  *end(task: string, view: RunView): Generator<string> {
    for (const [stream, { decoder, text }] of this.#open.get(task) ?? []) {
      const rest = text + decoder.end();
      if (rest !== '') yield told(task, stream, rest, view);
    }
    this.#open.delete(task);
  }

  *endAll(view: RunView): Generator<string> {
    for (const task of [...this.#open.keys()]) yield* this.end(task, view);
  }
}

/** A longer line is told in parts. */
const maxLine = 1_024 * 1_024;

function told(task: string, stream: string, message: string, { run, plan }: RunView): string {
  const name = nodesOfPlan(plan).find(({ id }) => id === task)?.name ?? task;
  const qualifiedName = `cix-${shortIdOf(run)}-${name}`;
  const containerNames = { containerId: task, shortName: name, qualifiedName };
  const isErrorOutput = stream === 'stderr';
  return toLine({ level: 'info', message, containerNames, isErrorOutput });
}
