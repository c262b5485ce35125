import { nearest } from '../../dialect/common/nearest.ts';
import { readJournal } from '../../journal/journal-reader.ts';
import { nodesOfPlan } from '../../plan/order.ts';
import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { findRunOrComplain, ownerIsAlive } from '../find-run.ts';
import { lookOf } from '../terminal/color.ts';
import { jsonLines } from '../terminal/json-reporter.ts';
import { openPort, send } from '../terminal/port.ts';
import { printLines } from '../terminal/print-lines.ts';
import { stateDirOf } from '../world.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

export interface LogsFlags extends ColorFlags {
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  readonly stateDir?: string;
  readonly format?: 'text' | 'json';
}

/** Shows what the tasks of a run printed, all of them or one. */
export async function logs(
  wanted: string,
  task: string | undefined,
  flags: LogsFlags,
  world: World,
): Promise<number> {
  const run = await findRunOrComplain(wanted, stateDirOf(flags.stateDir, world), flags, world);
  if (!run) return exitCode.invalid;
  if (task !== undefined) {
    const tasks = await tasksOf(run.path);
    if (!tasks.includes(task)) {
      const near = nearest(task, tasks);
      const hint = near === undefined ? `there are ${tasks.join(', ')}` : `did you mean ${near}?`;
      complain(world, flags, `run ${run.id} has no step or service '${task}'; ${hint}`);
      return exitCode.invalid;
    }
  }
  const follow = flags.follow === true ? { isAlive: ownerIsAlive } : undefined;
  await print(readJournal(run.path, { follow, lends: true }), task, flags, world);
  return exitCode.ok;
}

async function print(
  records: AsyncIterable<JournalRecord>,
  task: string | undefined,
  flags: LogsFlags,
  { stdout, env }: World,
): Promise<void> {
  const port = openPort(stdout);
  if (flags.format === 'json') {
    for await (const lines of jsonLines(onlyOf(records, task))) await send(port, lines);
    return;
  }
  const timestamps = flags.timestamps === true;
  // One task's output into a file or a pipe is wanted as it was.
  const isRaw = task !== undefined && !port.isTTY && !timestamps;
  await printLines(records, port, {
    look: lookOf(flags, env, port.isTTY),
    style: task === undefined ? 'prefixed' : isRaw ? 'raw' : 'bare',
    timestamps,
    ...(task !== undefined && { only: new Set([task]) }),
  });
}

async function* onlyOf(
  records: AsyncIterable<JournalRecord>,
  task: string | undefined,
): AsyncGenerator<JournalRecord> {
  for await (const record of records) {
    const isWanted = task === undefined || record.type !== 'output' || record.task === task;
    if (isWanted) yield record;
  }
}

/** The ids of everything in a run that can print. */
async function tasksOf(path: string): Promise<string[]> {
  for await (const record of readJournal(path)) {
    if (record.type !== 'run.started') break;
    return nodesOfPlan(record.plan)
      .filter(({ kind }) => kind !== 'group')
      .map(({ id }) => id);
  }
  return [];
}
