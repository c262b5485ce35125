import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import { HostExecutor } from '../../executor/host/host-executor.ts';
import { sweepHost } from '../../executor/host/sweep.ts';
import { pruneRuns } from '../../journal/prune-runs.ts';
import { openStateDir } from '../../journal/state-dir.ts';
import { nodesOfPlan } from '../../plan/order.ts';
import { complain, warn } from '../complain.ts';
import { exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { readPipelines, renderForPeople } from '../read-pipelines.ts';
import { ownerIsAlive } from '../find-run.ts';
import { runPlan } from '../run-plan.ts';
import { gatherVariables } from '../variables.ts';
import { leasesDirOf, stateDirOf } from '../world.ts';

import type { Diagnostic } from '../../dialect/common/diagnostic.ts';
import type { Executor } from '../../executor/executor.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { Format } from '../terminal/choose.ts';
import type { VariableFlags } from '../variables.ts';
import type { World } from '../world.ts';

export interface ExecFlags extends VariableFlags, ColorFlags {
  readonly format?: Format;
  readonly workspace?: string;
  readonly stateDir?: string;
}

/** How many runs are remembered, and for how long. */
const kept = { keep: 50, maxAgeMs: 30 * 24 * 3_600_000 };

/** Runs the pipelines one after the other, up to the first that does not succeed. */
export async function exec(
  files: readonly string[],
  flags: ExecFlags,
  world: World,
): Promise<number> {
  const read = await readPipelines(files, flags, world);
  world.stderr.write(read.text);
  if (!read.plans) return exitCode.invalid;
  const given = await gatherVariables(flags, world);
  if (!given.ok) {
    if (typeof given.failure !== 'string') return exitCodeOfSignal(given.failure.signal);
    complain(world, flags, given.failure);
    return exitCode.invalid;
  }
  for (const text of given.value.warnings) warn(world, flags, text);
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
  const executor = new HostExecutor({
    environment: world.env,
    leasesDir: leasesDirOf(stateDir),
  });
  const refused = read.plans.flatMap((plan) => refusals(plan, executor));
  if (refused.length > 0) {
    world.stderr.write(renderForPeople(refused, read.sourceOf, flags, world));
    return exitCode.unavailable;
  }
  await tidyUp(stateDir, flags, world);
  for (const plan of read.plans) {
    const code = await runPlan(
      plan,
      { executor, given: given.value, workspace, stateDir, flags },
      world,
    );
    if (code !== exitCode.ok) return code;
  }
  return exitCode.ok;
}

/** What the executor cannot do of a plan, each with its place in the file. */
function refusals(plan: Plan, executor: Executor): Diagnostic[] {
  return nodesOfPlan(plan)
    .filter((node) => node.kind !== 'group')
    .flatMap(({ kind, name, where, command }) => {
      const refusal = executor.refusal(command.image ? { image: '' } : {});
      if (refusal === undefined) return [];
      const message = `${kind === 'run' ? 'step' : 'service'} '${name}' ${refusal}`;
      const range = { ...where, endLine: where.line, endColumn: where.column + 1 };
      return [{ severity: 'error' as const, message, where: range }];
    });
}

/** Ends what dead runs left, and forgets old ones. Neither can keep a run from starting. */
async function tidyUp(stateDir: string, flags: ExecFlags, world: World): Promise<void> {
  const swept = await sweepHost(leasesDirOf(stateDir));
  for (const run of swept) warn(world, flags, `ended what run ${run} had left running`);
  await pruneRuns(stateDir, { ...kept, now: Date.now(), isAlive: ownerIsAlive });
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
