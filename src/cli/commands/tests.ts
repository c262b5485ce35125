import { foldEvent } from '../../event/fold-event.ts';
import { openView } from '../../event/view.ts';
import { readJournal } from '../../journal/journal-reader.ts';
import { jsonLine } from '../../report/json-line.ts';
import { fullDetail, reportsOf, testLines } from '../../report/tests.ts';
import { exitCode } from '../exit-code.ts';
import { findRunOrComplain } from '../find-run.ts';
import { lookOf } from '../terminal/color.ts';
import { openPort, send } from '../terminal/port.ts';
import { stateDirOf } from '../world.ts';

import type { RunView } from '../../event/view.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

export interface TestsFlags extends ColorFlags {
  readonly stateDir?: string;
  readonly format?: 'text' | 'json';
  readonly json?: boolean;
}

/** Shows what the tests of a run came to; for programs, each test as one line of JSON. */
export async function tests(wanted: string, flags: TestsFlags, world: World): Promise<number> {
  const run = await findRunOrComplain(wanted, stateDirOf(flags.stateDir, world), flags, world);
  if (!run) return exitCode.invalid;
  const view = await viewOf(run.path);
  const reports = view ? reportsOf(view) : [];
  const port = openPort(world.stdout);
  if (flags.json === true || flags.format === 'json') {
    for (const { task, file: report, cases } of reports)
      for (const test of cases) await send(port, jsonLine({ task, report, ...test }));
    return exitCode.ok;
  }
  if (!view || reports.length === 0) {
    world.stderr.write(`Run ${run.id} has read no reports of tests.\n`);
    return exitCode.ok;
  }
  const look = lookOf(flags, world.env, port.isTTY);
  // Elsewhere than on a terminal, whoever reads it breaks the lines.
  const columns = port.isTTY ? port.columns : Infinity;
  for (const line of testLines(view, fullDetail, { ...look, columns }))
    await send(port, `${line}\n`);
  return exitCode.ok;
}

async function viewOf(path: string): Promise<RunView | undefined> {
  let view: RunView | undefined;
  for await (const record of readJournal(path)) {
    if (record.type === 'run.started') view = openView(record);
    else if (view && record.type !== 'output') foldEvent(view, record);
  }
  return view;
}
