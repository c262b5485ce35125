import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { endLease, isOwned, readLease } from './lease.ts';

const graceMs = 2_000;
/** A lease is written at once: one that is not whole after this long never will be. */
const halfWrittenMs = 60_000;

/**
 * Ends and removes what dead runs have left on this machine, and leaves living runs alone. The
 * result names the runs.
 */
export async function sweepHost(leasesDir: string): Promise<string[]> {
  const swept = await Promise.all(leaseFiles(leasesDir).map(sweepLease));
  return [...new Set(swept.filter((runId) => runId !== undefined))];
}

async function sweepLease(file: string): Promise<string | undefined> {
  const found = readLease(file);
  if (!found) {
    removeHalfWritten(file);
    return undefined;
  }
  if (isOwned(found.lease)) return undefined;
  await endLease(file, graceMs);
  return found.lease.runId;
}

function removeHalfWritten(file: string): void {
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
  if (age > halfWrittenMs) rmSync(file, { force: true });
}

function leaseFiles(leasesDir: string): string[] {
  try {
    return readdirSync(leasesDir)
      .filter((name) => name.endsWith('.lease'))
      .map((name) => join(leasesDir, name));
  } catch {
    return [];
  }
}
