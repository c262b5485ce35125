import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import { openStateDir } from '../../journal/state-dir.ts';
import { complain, warn } from '../complain.ts';
import { openExecutors, refusals } from '../executors.ts';
import { exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { renderForPeople } from '../read-pipelines.ts';
import { readWithPlugins } from '../read-with-plugins.ts';
import { runPlan } from '../run-plan.ts';
import { tidyUp } from '../tidy-up.ts';
import { gatherVariables } from '../variables.ts';
import { leasesDirOf, stateDirOf } from '../world.ts';

import type { ExecutorChoice } from '../executors.ts';
import type { PluginFlags } from '../read-with-plugins.ts';
import type { Format } from '../terminal/choose.ts';
import type { VariableFlags } from '../variables.ts';
import type { World } from '../world.ts';

export interface ExecFlags extends VariableFlags, PluginFlags {
  readonly format?: Format;
  readonly workspace?: string;
  readonly executor?: ExecutorChoice;
  readonly keep?: boolean;
}

/** Runs the pipelines one after the other, up to the first that does not succeed. */
export async function exec(
  files: readonly string[],
  flags: ExecFlags,
  world: World,
): Promise<number> {
  const given = await gatherVariables(flags, world);
  if (!given.ok) {
    if (typeof given.failure !== 'string') return exitCodeOfSignal(given.failure.signal);
    complain(world, flags, given.failure);
    return exitCode.invalid;
  }
  for (const text of given.value.warnings) warn(world, flags, text);
  const reading = await readWithPlugins(files, flags, world, given.value);
  if (!reading.ok) return reading.failure;
  const read = reading.value;
  world.stderr.write(read.text);
  if (!read.plans) return exitCode.invalid;
  const workspace = resolve(world.cwd, flags.workspace ?? '.');
  if (!isFolder(workspace)) {
    complain(world, flags, `--workspace ${workspace}: there is no such folder`);
    return exitCode.invalid;
  }
  const stateDir = stateDirOf(flags.stateDir, world);
  const opened = openStateDir(stateDir);
  if (!opened.ok) {
    complain(world, flags, opened.failure.detail);
    return exitCode.unavailable;
  }
  const executors = await openExecutors(read.plans, {
    choice: flags.executor ?? 'auto',
    env: world.env,
    leasesDir: leasesDirOf(stateDir),
    keep: flags.keep === true,
  });
  if (!executors.ok) {
    complain(world, flags, executors.failure);
    return exitCode.unavailable;
  }
  const { variables } = given.value;
  const refused = read.plans.flatMap((plan) => refusals(plan, executors.value, variables));
  if (refused.length > 0) {
    world.stderr.write(renderForPeople(refused, read.sourceOf, flags, world));
    return exitCode.unavailable;
  }
  await tidyUp(stateDir, executors.value.engine, flags, world);
  for (const plan of read.plans) {
    const code = await runPlan(
      plan,
      { executors: executors.value, given: given.value, workspace, stateDir, flags },
      world,
    );
    if (code !== exitCode.ok) return code;
  }
  return exitCode.ok;
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
