import { isKept } from '../journal/order-file.ts';
import { findRun, listRuns, runIds } from '../journal/runs.ts';
import { complainOfNoRun, ownerIsAlive } from './find-run.ts';

import type { RunSummary } from '../journal/run-summary.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { World } from './world.ts';

/** What this machine knows of a run: what its journal says, or a server that has loaded it. */
export type ListedRun = Omit<RunSummary, 'outcome' | 'path'> & {
  /** `loaded`: nothing of it has begun. */
  readonly outcome: RunSummary['outcome'] | 'loaded';
  /** Of its journal. Absent when there is none yet. */
  readonly path?: string;
  /** The run after which it begins by itself. */
  readonly after?: string;
};

/** Every run of a state folder, the latest first, those of which nothing has begun included. */
export async function listAllRuns(stateDir: string): Promise<readonly ListedRun[]> {
  const written = await listRuns(stateDir, ownerIsAlive);
  const known = new Map<string, RunSummary>(written.map((run) => [run.id, run]));
  const kept = (await runIds(stateDir)).filter(
    (id) => known.get(id)?.endedAt === undefined && isKept(stateDir, id),
  );
  if (kept.length === 0) return written;
  const loaded = await Promise.all(kept.map((id) => loadedRun(stateDir, id, known.get(id))));
  const all = new Map<string, ListedRun>(known);
  for (const run of loaded) if (run) all.set(run.id, run);
  return [...all.values()].sort((one, other) => other.startedAt - one.startedAt);
}

/** The run that was asked for, loaded or not; otherwise says what is wrong with the question. */
export async function findListedOrComplain(
  wanted: string,
  stateDir: string,
  flags: ColorFlags,
  world: World,
): Promise<ListedRun | undefined> {
  const found = await findRun(stateDir, wanted, ownerIsAlive);
  if (found.ok) return (await loadedRun(stateDir, found.value.id, found.value)) ?? found.value;
  const { failure } = found;
  const loaded =
    failure.kind === 'unwrittenRun' ? await loadedRun(stateDir, failure.id) : undefined;
  if (!loaded) complainOfNoRun(failure, stateDir, flags, world);
  return loaded;
}

/** The id of a run that only a server can be asked about: no process takes commands in it, and it is loaded or being read. */
export async function findAsleep(wanted: string, stateDir: string): Promise<string | undefined> {
  const found = await findRun(stateDir, wanted, ownerIsAlive);
  if (found.ok)
    return found.value.outcome === 'lost' && isKept(stateDir, found.value.id)
      ? found.value.id
      : undefined;
  return found.failure.kind === 'unwrittenRun' ? found.failure.id : undefined;
}

/** A run of which nothing has begun; `undefined` when it is none. `written` is what its journal says of it. */
async function loadedRun(
  stateDir: string,
  id: string,
  written?: RunSummary,
): Promise<ListedRun | undefined> {
  if (written?.endedAt !== undefined || !isKept(stateDir, id)) return undefined;
  // What it is kept by is checked by a library, which takes a while to load.
  const { unbegun } = await import('../server/kept-orders.ts');
  const kept = unbegun(stateDir, id);
  if (!kept) return undefined;
  const { pipeline, startedAt, after } = kept;
  const known = { id, pipeline, ...(after !== undefined && { after }), ...written };
  return { ...known, outcome: 'loaded', startedAt };
}
