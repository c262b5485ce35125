import { formatDuration } from '../../base/duration.ts';
import { cleanLine } from '../../report/clean.ts';
import { jsonLine } from '../../report/json-line.ts';
import { paint } from '../../report/look.ts';
import { exitCode } from '../exit-code.ts';
import { listAllRuns } from '../listed-run.ts';
import { lookOf } from '../terminal/color.ts';
import { stateDirOf } from '../world.ts';

import type { Look, Tone } from '../../report/look.ts';
import type { ListedRun } from '../listed-run.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

export interface RunsFlags extends ColorFlags {
  readonly stateDir?: string;
  readonly format?: 'text' | 'json';
}

/** Lists the runs that are remembered, the newest first. */
export async function runs(flags: RunsFlags, world: World): Promise<number> {
  const { stdout, stderr, env } = world;
  const stateDir = stateDirOf(flags.stateDir, world);
  const found = await listAllRuns(stateDir);
  if (flags.format === 'json') {
    for (const run of found) stdout.write(jsonLine(run));
    return exitCode.ok;
  }
  if (found.length === 0) stderr.write(`No runs in ${stateDir} yet.\n`);
  const look = lookOf(flags, env, stdout.isTTY === true);
  for (const run of found) stdout.write(`${describe(run, look)}\n`);
  return exitCode.ok;
}

const tones: Readonly<Record<ListedRun['outcome'], Tone>> = {
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'warn',
  lost: 'bad',
  running: 'busy',
  loaded: 'warn',
};

function describe(run: ListedRun, look: Look): string {
  const { id, outcome, pipeline, startedAt, endedAt, after } = run;
  const took = endedAt === undefined ? '' : formatDuration(endedAt - startedAt);
  const since = new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ');
  return [
    id,
    paint(look, tones[outcome], outcome.padEnd(9)),
    since,
    took.padStart(9),
    cleanLine(after === undefined ? pipeline : `${pipeline} (begins after ${after})`),
  ]
    .join('  ')
    .trimEnd();
}
