import { readdir } from 'node:fs/promises';

import { fail, ok } from '../base/result.ts';
import { isKept, runBefore } from './order-file.ts';
import { timeOfRunId } from './run-id.ts';
import { summarizeReadable } from './run-summary.ts';
import { runsFolder } from './state-dir.ts';

import type { Result } from '../base/result.ts';
import type { IsAlive } from './owner.ts';
import type { RunSummary } from './run-summary.ts';

/** The runs that have a journal, the latest first. */
export async function listRuns(stateDir: string, isAlive: IsAlive): Promise<RunSummary[]> {
  const runs: RunSummary[] = [];
  for (const id of await runIds(stateDir)) {
    const run = await summarizeReadable(stateDir, id, isAlive);
    if (run) runs.push(run);
  }
  return runs.sort((one, other) => other.startedAt - one.startedAt);
}

/** Why there is no one run that is meant. */
export type RunNotFound =
  | { readonly kind: 'noRuns' }
  | { readonly kind: 'unknownRun'; readonly wanted: string; readonly nearest: string | undefined }
  | { readonly kind: 'ambiguousRun'; readonly wanted: string; readonly ids: readonly string[] }
  /** It has a folder, and no journal that could be read. */
  | { readonly kind: 'unwrittenRun'; readonly id: string };

/**
 * The run with this id, or whose id alone begins with this or ends with it after a hyphen. `latest`
 * is what `latestOf` says, whether or not anything of it is written.
 */
export async function findRun(
  stateDir: string,
  wanted: string,
  isAlive: IsAlive,
): Promise<Result<RunSummary, RunNotFound>> {
  const ids = await runIds(stateDir);
  if (wanted === 'latest') {
    const latest = await latestOf(standing(stateDir, ids, isAlive), ({ waits }) => waits);
    if (!latest) return fail({ kind: 'noRuns' });
    return latest.run ? ok(latest.run) : fail({ kind: 'unwrittenRun', id: latest.id });
  }
  const matches = idsLike(ids, wanted);
  if (matches.length > 1) return fail({ kind: 'ambiguousRun', wanted, ids: matches });
  const [id] = matches;
  const run = id === undefined ? undefined : await summarizeReadable(stateDir, id, isAlive);
  if (run) return ok(run);
  if (id !== undefined) return fail({ kind: 'unwrittenRun', id });
  if (ids.length === 0) return fail({ kind: 'noRuns' });
  return fail({ kind: 'unknownRun', wanted, nearest: nearestOf(wanted, ids) });
}

/** This id, or those that begin with this or end with it after a hyphen. */
export const idsLike = (ids: readonly string[], wanted: string): readonly string[] =>
  ids.includes(wanted)
    ? [wanted]
    : ids.filter((id) => wanted !== '' && (id.startsWith(wanted) || id.endsWith(`-${wanted}`)));

/** The ids of what may be runs, the latest first. */
export async function runIds(stateDir: string): Promise<string[]> {
  const names = await readdir(runsFolder(stateDir)).catch(() => []);
  return names
    .filter((name) => timeOfRunId(name) !== undefined)
    .sort()
    .reverse();
}

/**
 * Which of these runs, the latest first, is meant by `latest`: the first that waits for no other, since those
 * that wait are the rest of a chain. When all of them wait, the first.
 */
export async function latestOf<Run>(
  runs: AsyncIterable<Run> | Iterable<Run>,
  waits: (run: Run) => boolean,
): Promise<Run | undefined> {
  let latest: Run | undefined;
  for await (const run of runs) {
    if (!waits(run)) return run;
    latest ??= run;
  }
  return latest;
}

interface Standing {
  readonly id: string;
  /** Absent when only its order is there. */
  readonly run: RunSummary | undefined;
  /** It begins by itself after another. */
  readonly waits: boolean;
}

/** How each of these stands that has a journal to be read, or is loaded. */
async function* standing(
  stateDir: string,
  ids: readonly string[],
  isAlive: IsAlive,
): AsyncGenerator<Standing> {
  for (const id of ids) {
    const run = await summarizeReadable(stateDir, id, isAlive);
    const isLoaded = run?.endedAt === undefined && isKept(stateDir, id);
    const waits = isLoaded && runBefore(stateDir, id) !== undefined;
    if (run || isLoaded) yield { id, run, waits };
  }
}

/** The id that begins most like what was typed, when that is more than the century. */
function nearestOf(wanted: string, ids: readonly string[]): string | undefined {
  const shared = (id: string): number => {
    let length = 0;
    while (length < wanted.length && wanted[length] === id[length]) length++;
    return length;
  };
  const nearest = ids.toSorted((one, other) => shared(other) - shared(one))[0];
  return nearest !== undefined && shared(nearest) > 2 ? nearest : undefined;
}
