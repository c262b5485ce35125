import { rm, stat } from 'node:fs/promises';

import { isKept, runBefore } from './order-file.ts';
import { timeOfRunId } from './run-id.ts';
import { summarizeReadable } from './run-summary.ts';
import { runIds } from './runs.ts';
import { journalPath, runFolder } from './state-dir.ts';

import type { IsAlive } from './owner.ts';

export interface PruneRules {
  /** How many runs stay. Those that are loaded are not among them. */
  readonly keep: number;
  /** Older ones go, however few there are. */
  readonly maxAgeMs: number;
  readonly now: number;
  readonly isAlive: IsAlive;
}

/**
 * Removes old runs and tells which. Runs that still go on or are loaded stay, those that a loaded one waits
 * for, and whatever in the folder is not a run. Several may prune at once.
 */
export async function pruneRuns(
  stateDir: string,
  { keep, maxAgeMs, now, isAlive }: PruneRules,
): Promise<string[]> {
  const removed: string[] = [];
  const ids = await runIds(stateDir);
  const loaded = new Set<string>();
  for (const id of ids) if (await isLoaded(stateDir, id, isAlive)) loaded.add(id);
  const awaited = new Set([...loaded].map((id) => runBefore(stateDir, id)));
  let counted = 0;
  for (const id of ids) {
    if (loaded.has(id)) continue;
    const index = counted++;
    const age = now - (timeOfRunId(id) ?? now);
    if ((index < keep && age <= maxAgeMs) || awaited.has(id)) continue;
    const run = await summarizeReadable(stateDir, id, isAlive);
    if (run?.outcome === 'running') continue;
    const path = runFolder(stateDir, id);
    if (run?.pid === undefined && now - (await touchedAt(path)) < settlingMs) continue;
    // There, but not to be read this moment: it may be going on.
    if (!run && (await touchedAt(journalPath(stateDir, id))) > 0) continue;
    if (await remove(path)) removed.push(id);
  }
  return removed;
}

/** Nothing of it has begun, and it still may, whether or not a process waits in it. */
async function isLoaded(stateDir: string, id: string, isAlive: IsAlive): Promise<boolean> {
  if (!isKept(stateDir, id)) return false;
  const run = await summarizeReadable(stateDir, id, isAlive);
  return run?.endedAt === undefined;
}

/** Another process may have made a run's folder just now, and not written its first record yet. */
const settlingMs = 60_000;

/** 0 for what is not there. */
async function touchedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}

/** Whether it is gone: by this call, or by another at the same time. */
async function remove(path: string): Promise<boolean> {
  try {
    await rm(path, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
