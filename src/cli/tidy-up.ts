import { sweepHost } from '../executor/host/sweep.ts';
import { pruneRuns } from '../journal/prune-runs.ts';
import { warn } from './complain.ts';
import { ownerIsAlive } from './find-run.ts';
import { keptRuns } from './kept-runs.ts';
import { leasesDirOf } from './world.ts';

import type { Engine, Leftover } from '../executor/docker/sweep.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { World } from './world.ts';

/** How long runs are remembered. */
const maxAgeMs = 30 * 24 * 3_600_000;

/**
 * Ends what dead runs left on this machine, and on the engine if one is used, and forgets old
 * ones. None of it can keep a run from starting.
 */
export async function tidyUp(
  stateDir: string,
  engine: Engine | undefined,
  flags: ColorFlags,
  world: World,
): Promise<void> {
  const leasesDir = leasesDirOf(stateDir);
  const host = async (): Promise<void> => {
    for (const run of await sweepHost(leasesDir))
      warn(world, flags, `ended what run ${run} had left running`);
  };
  await Promise.all([host(), engine && sweepEngine(engine, leasesDir, flags, world)]);
  const keep = keptRuns(stateDir);
  await pruneRuns(stateDir, { keep, maxAgeMs, now: Date.now(), isAlive: ownerIsAlive });
}

async function sweepEngine(
  engine: Engine,
  leasesDir: string,
  flags: ColorFlags,
  world: World,
): Promise<void> {
  const { sweepDocker } = await import('../executor/docker/sweep.ts');
  try {
    const swept = await sweepDocker(engine, leasesDir);
    const gone = swept.filter(({ failure }) => failure === undefined);
    for (const run of new Set(gone.map(({ leftover }) => leftover.runId)))
      warn(world, flags, `removed what run ${run} had left on the container engine`);
    for (const { leftover, failure } of swept)
      if (failure !== undefined && !isMiscounted(leftover))
        warn(world, flags, `run ${leftover.runId} has left what cannot be removed: ${failure}`);
  } catch (error) {
    warn(world, flags, `cannot look for what dead runs have left: ${(error as Error).message}`);
  }
}

/**
 * A network alone that cannot be removed is one that the engine miscounts until it is started anew:
 * its own run and `continuo clean` tell that, and every run from then on would.
 */
const isMiscounted = ({ made }: Leftover): boolean => made.every(({ kind }) => kind === 'network');
