import { userInfo } from 'node:os';
import { pathToFileURL } from 'node:url';

import { nextRunNumber } from '../journal/run-number.ts';
import { runFolder } from '../journal/state-dir.ts';
import { warn } from './complain.ts';

import type { Plan } from '../plan/plan.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { World } from './world.ts';

/** A run that is about to start. */
export interface NewRun {
  readonly runId: string;
  readonly startedAt: number;
  readonly stateDir: string;
  readonly workspace: string;
  readonly plan: Plan;
}

/** What a run can tell of itself in expressions, by the names that the run gives that. */
export function runFacts(
  { runId, startedAt, stateDir, workspace, plan }: NewRun,
  flags: ColorFlags,
  world: World,
): readonly (readonly [name: string, value: string])[] {
  const number = nextRunNumber(stateDir, { name: plan.name, workspace });
  if (!number.ok) warn(world, flags, `this run has no number: ${number.failure.detail}`);
  return [
    ['run:id', runId],
    ...(number.ok ? [['run:number', String(number.value)] as const] : []),
    ['run:started', String(startedAt)],
    // Where whoever looks for the run finds it, as long as no server shows it.
    ['run:url', pathToFileURL(runFolder(stateDir, runId)).href],
    ['run:by', userOf(world)],
  ];
}

/** Who runs it, by the name that the machine knows. */
function userOf({ env }: World): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that has no name.
    return env['USER'] ?? String(process.getuid?.() ?? 'somebody');
  }
}
