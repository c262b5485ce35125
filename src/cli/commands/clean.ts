import { connect } from '../../executor/docker/connect.ts';
import { endLease } from '../../executor/docker/lease.ts';
import { deadDockerLeases, findLeftovers, removeLeftovers } from '../../executor/docker/sweep.ts';
import { deadHostRuns, sweepHost } from '../../executor/host/sweep.ts';
import { cleanLine } from '../../report/clean.ts';
import { jsonLine } from '../../report/json-line.ts';
import { wipeBegun } from '../../server/wipe-begun.ts';
import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { describeCleaned } from '../cleaned-words.ts';
import { leasesDirOf, stateDirOf } from '../world.ts';

import type { Engine, Leftover } from '../../executor/docker/sweep.ts';
import type { Cleaned } from '../cleaned-words.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

export interface CleanFlags extends ColorFlags {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly stateDir?: string;
  readonly format?: 'text' | 'json';
}

/**
 * Removes what dead runs left, here and on the engine, and what was kept on purpose; with `runs`,
 * only of the runs whose ids begin so.
 */
export async function clean(
  runs: readonly string[],
  flags: CleanFlags,
  world: World,
): Promise<number> {
  const scope: Scope = {
    isAsked: (runId) => runs.length === 0 || runs.some((run) => runId.startsWith(run)),
    all: flags.all === true,
    dryRun: flags.dryRun === true,
  };
  const stateDir = stateDirOf(flags.stateDir, world);
  if (!scope.dryRun) await wipeBegun(stateDir);
  const leasesDir = leasesDirOf(stateDir);
  const connected = await connect(world.env);
  const engine = connected.ok ? connected.value : undefined;
  const cleaned = [
    ...(await cleanHost(leasesDir, scope)),
    ...(engine ? await cleanEngine(engine, leasesDir, scope) : []),
    ...(await cleanElsewhere(engine?.where, leasesDir, scope)),
  ];
  const isJson = flags.format === 'json';
  for (const each of cleaned) {
    if (isJson) world.stdout.write(jsonLine(each));
    else if (each.failure === undefined)
      world.stdout.write(`${cleanLine(describeCleaned(each))}\n`);
    if (each.failure !== undefined) complain(world, flags, cleanLine(describeCleaned(each)));
  }
  if (!connected.ok && !isJson)
    world.stderr.write(`Nothing was looked for in containers: ${connected.failure}.\n`);
  if (cleaned.length === 0 && !isJson) world.stderr.write('No dead run has left anything.\n');
  return cleaned.some(({ failure }) => failure !== undefined) ? exitCode.failed : exitCode.ok;
}

/** What is to be removed, or only told of. */
interface Scope {
  readonly isAsked: (runId: string) => boolean;
  readonly all: boolean;
  readonly dryRun: boolean;
}

async function cleanHost(leasesDir: string, { isAsked, dryRun }: Scope): Promise<Cleaned[]> {
  const runs = dryRun
    ? deadHostRuns(leasesDir).filter(isAsked)
    : await sweepHost(leasesDir, isAsked);
  return runs.map((run) => ({ run, executor: 'host', owner: 'dead', removed: !dryRun }));
}

async function cleanEngine(
  engine: Engine,
  leasesDir: string,
  { isAsked, all, dryRun }: Scope,
): Promise<Cleaned[]> {
  const leftovers = await findLeftovers(engine, leasesDir);
  const isWanted = ({ fate, runId }: Leftover): boolean =>
    !dryRun && isAsked(runId) && (fate === 'dead' || all);
  const swept = dryRun ? [] : await removeLeftovers(engine, leftovers, isWanted);
  return [
    ...swept.map(({ leftover, failure }) => ({
      ...toCleaned(leftover, engine.where, failure === undefined),
      ...(failure !== undefined && { failure }),
    })),
    ...leftovers.found
      .filter((leftover) => isAsked(leftover.runId) && !isWanted(leftover))
      .map((leftover) => toCleaned(leftover, engine.where, false)),
  ];
}

/** What the leases tell of engines that were used by dead runs, but are not ours now. */
async function cleanElsewhere(
  here: string | undefined,
  leasesDir: string,
  { isAsked, dryRun }: Scope,
): Promise<Cleaned[]> {
  const leases = deadDockerLeases(leasesDir).filter(
    ({ lease: { where, runId } }) => where !== here && isAsked(runId),
  );
  return Promise.all(
    leases.map(async ({ file, lease: { runId: run, where } }) => {
      const what = { run, executor: 'docker', engine: where, owner: 'dead' } as const;
      if (dryRun) return { ...what, removed: false };
      const ended = await endLease(file, { graceMs: 2_000, patienceMs: 5_000 });
      if (!ended.ok) return { ...what, removed: false, failure: ended.failure };
      return {
        ...what,
        made: ended.value.map(({ kind, name }) => ({ kind, name })),
        removed: true,
      };
    }),
  );
}

const toCleaned = (leftover: Leftover, engine: string, removed: boolean): Cleaned => ({
  run: leftover.runId,
  executor: 'docker',
  engine,
  stage: leftover.stage,
  owner: leftover.fate,
  ...(leftover.isKept && { kept: true }),
  made: leftover.made.map(({ kind, name }) => ({ kind, name })),
  removed,
});
