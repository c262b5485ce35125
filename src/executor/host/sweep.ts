import { deadLeases, readLeaseFile, removeHalfWritten } from '../common/lease-file.ts';
import { endLease, leaseEnding } from './lease.ts';

const graceMs = 2_000;

/** The dead runs that have left something on this machine. */
export function deadHostRuns(leasesDir: string): string[] {
  return runsOf(deadLeases(leasesDir, leaseEnding));
}

/**
 * Ends and removes what dead runs have left on this machine, or those of them that are wanted, and
 * leaves living runs alone. The result names the runs.
 */
export async function sweepHost(
  leasesDir: string,
  isWanted: (runId: string) => boolean = () => true,
): Promise<string[]> {
  const leases = deadLeases(leasesDir, leaseEnding).filter((file) => runsOf([file]).some(isWanted));
  const runs = runsOf(leases);
  await Promise.all(leases.map((file) => endLease(file, graceMs)));
  removeHalfWritten(leasesDir, leaseEnding);
  return runs;
}

const runsOf = (leases: readonly string[]): string[] => [
  ...new Set(leases.flatMap((file) => readLeaseFile(file)?.lease.runId ?? [])),
];
