import { deadLeases, removeHalfWritten } from '../common/lease-file.ts';
import { cleanUp } from './cleanup.ts';
import { fateOfLabelled, labelNames, labelOf } from './labels.ts';
import { dropLease, leaseEnding, readLease } from './lease.ts';
import { listMade } from './made.ts';

import type Docker from 'dockerode';
import type { CleanUpHow } from './cleanup.ts';
import type { Fate } from '../common/owner.ts';
import type { DockerLease } from './lease.ts';
import type { Made } from './made.ts';

/** An engine, as `connect` finds it. */
export interface Engine {
  readonly docker: Docker;
  /** As `DOCKER_HOST` would have it. */
  readonly where: string;
}

/** What is left of one sandbox whose owner is not known to live. */
export interface Leftover {
  readonly runId: string;
  readonly stage: string;
  readonly sandbox: string;
  readonly fate: Exclude<Fate, 'alive'>;
  /** It was left on purpose. */
  readonly isKept: boolean;
  readonly made: readonly Made[];
}

/** What nobody is known to look after. */
export interface Leftovers {
  readonly found: readonly Leftover[];
  /** The leases of sandboxes on this engine whose owner is dead. */
  readonly leases: readonly DeadLease[];
}

export interface DeadLease {
  readonly file: string;
  readonly lease: DockerLease;
  readonly isKept: boolean;
}

/** Looks for leftovers on the engine, whosever they are. Throws when it does not answer. */
export async function findLeftovers(
  { docker, where }: Engine,
  leasesDir: string,
): Promise<Leftovers> {
  // First: what dies during the look was not seen by it.
  const leases = deadDockerLeases(leasesDir).filter(({ lease }) => lease.where === where);
  const made = await listMade(docker, labelNames.sandbox);
  const bySandbox = Map.groupBy(made, ({ labels }) => labels[labelNames.sandbox] ?? '');
  const found = [...bySandbox].flatMap(([sandbox, all]) => {
    const { labels } = all[0]!;
    const { [labelNames.run]: runId = '', [labelNames.stage]: stage = '' } = labels;
    const fate = fateOfLabelled(labels);
    if (fate === 'alive') return [];
    // Only the lease tells whether it came to that, if it is where we look for leases.
    const lease = leases.find((each) => each.lease.sandbox === sandbox);
    const mayStay = fate === 'dead' && labels[labelNames.keep] !== undefined;
    const isKept = mayStay && lease?.isKept !== false;
    return [{ runId, stage, sandbox, fate, isKept, made: all }];
  });
  return { found, leases };
}

/** A leftover that was removed, or a sentence that says why it was not. */
export interface Swept {
  readonly leftover: Leftover;
  readonly failure?: string;
}

/** A network that is still there without its containers is one that the engine miscounts, for good. */
const howFor = ({ made }: Leftover): CleanUpHow => ({
  graceMs: 2_000,
  patienceMs: made.some(({ kind }) => kind === 'container') ? 4_000 : 200,
});

/** Ends and removes those that are wanted, and the leases of whatever is gone then. */
export async function removeLeftovers(
  { docker }: Engine,
  { found, leases }: Leftovers,
  isWanted: (leftover: Leftover) => boolean,
): Promise<Swept[]> {
  const swept = await Promise.all(
    found.filter(isWanted).map(async (leftover) => {
      const cleaned = await cleanUp(docker, labelOf(leftover.sandbox), howFor(leftover));
      return { leftover, ...(!cleaned.ok && { failure: cleaned.failure }) };
    }),
  );
  const gone = new Set(
    swept.filter(({ failure }) => failure === undefined).map(({ leftover }) => leftover),
  );
  const left = found.filter((leftover) => !gone.has(leftover));
  for (const { file, lease } of leases)
    if (!left.some(({ sandbox }) => sandbox === lease.sandbox)) dropLease(file, lease);
  return swept;
}

/**
 * Ends and removes what dead runs have left on the engine, but for what they kept on purpose. Throws
 * when the engine does not answer.
 */
export async function sweepDocker(engine: Engine, leasesDir: string): Promise<Swept[]> {
  const leftovers = await findLeftovers(engine, leasesDir);
  removeHalfWritten(leasesDir, leaseEnding);
  return removeLeftovers(engine, leftovers, ({ fate, isKept }) => fate === 'dead' && !isKept);
}

/** The leases of sandboxes on any engine whose owner is dead. */
export const deadDockerLeases = (leasesDir: string): DeadLease[] =>
  deadLeases(leasesDir, leaseEnding).flatMap((file) => {
    const found = readLease(file);
    return found ? [{ file, ...found }] : [];
  });
