import { readdir, stat } from 'node:fs/promises';

import { isKept, runBefore } from '../journal/order-file.ts';
import { timeOfRunId } from '../journal/run-id.ts';
import { summarizeRun } from '../journal/run-summary.ts';
import { idsLike, latestOf } from '../journal/runs.ts';
import { runsFolder } from '../journal/state-dir.ts';
import { unbegun } from './kept-orders.ts';
import { isOpen } from './run-table.ts';

import type { IsAlive, Owner } from '../journal/owner.ts';
import type { RunSummary } from '../journal/run-summary.ts';
import type { IndexedRun, RunQuery, RunTable } from './run-table.ts';

export interface RunIndexSpec {
  readonly table: RunTable;
  readonly stateDir: string;
  readonly isAlive: IsAlive;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Hears why the index could not be brought up to date. */
  readonly onTrouble: (error: Error) => void;
}

/**
 * The runs of a state folder, to be listed at once. Whatever it knows of them it has from their folders,
 * and could learn again; what clients have said of them, such as aliases, is kept in a file besides.
 */
export class RunIndex {
  readonly #spec: RunIndexSpec;
  /** Folders in which there is no journal to be read yet, and since when, by a clock that does not jump. */
  #blank = new Map<string, number>();
  /** When runs were last seen to live. */
  readonly #livedAt = new Map<string, number>();
  /** What was told of runs that are lost, and stays so, until the table has it. */
  readonly #lost = new Map<string, IndexedRun>();
  /** When the folder of runs had been changed last, if that is long enough ago to go by. */
  #seenAt: number | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(spec: RunIndexSpec) {
    this.#spec = spec;
  }

  /**
   * Looks at what has changed since the last time. Several at once are one. Never rejects: where the
   * database cannot be written, what is known so far is listed.
   */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh()
      .catch((error: unknown) => {
        this.#seenAt = undefined;
        this.#spec.onTrouble(error as Error);
      })
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Takes a run that is being started, and of which there is no journal yet. */
  add(run: IndexedRun): void {
    this.#spec.table.put([run]);
  }

  /** Takes the process that reads a run, of which there is no journal yet. */
  addReader(id: string, owner: Owner): void {
    const known = this.#spec.table.get(id);
    if (known) this.#spec.table.put([{ ...known, ...owner }]);
  }

  /** The process that was started last to read a run, if that has not begun since. It may be dead. */
  readerOf(id: string): Owner | undefined {
    const known = this.#spec.table.get(id);
    const isUnread = known?.outcome === 'starting' || known?.outcome === 'loaded';
    // Without its start it could be taken for another.
    return isUnread && known.pidStart !== undefined ? ownerOf(known) : undefined;
  }

  /** Forgets a run that never began, and whose folder is gone. */
  remove(id: string): void {
    this.#spec.table.remove([id]);
    this.#forget(id);
  }

  async list(query: RunQuery): Promise<IndexedRun[]> {
    await this.refresh();
    return this.#spec.table.list(query);
  }

  /**
   * The run with this id or alias, the latest that has this name, or the one whose id alone begins or ends with
   * this. An id means its run, whatever aliases there are. `latest` is that of all. Which is the latest, `latestOf` says.
   */
  async find(wanted: string): Promise<IndexedRun | undefined> {
    const isId = timeOfRunId(wanted) !== undefined;
    const meant = (isId ? undefined : this.#spec.table.ofAlias(wanted)) ?? wanted;
    const found =
      (await this.#find(meant)) ?? (meant === wanted ? undefined : await this.#find(wanted));
    return found ?? this.#findLike(wanted);
  }

  /** Those of which nothing has begun. */
  loaded(): readonly IndexedRun[] {
    return this.#spec.table.open().filter(({ outcome }) => outcome === 'loaded');
  }

  /** Gives a run one more name, which another may have had. */
  setAlias(alias: string, run: string): void {
    this.#spec.table.setAlias(alias, run);
  }

  aliases(): ReturnType<RunTable['aliases']> {
    return this.#spec.table.aliases();
  }

  async #find(wanted: string): Promise<IndexedRun | undefined> {
    if (timeOfRunId(wanted) === undefined)
      return this.#latest(wanted === 'latest' ? undefined : wanted);
    const known = this.#spec.table.get(wanted);
    if (known && !isOpen(known.outcome)) return known;
    const now = await this.#look(wanted, known).catch((error: unknown) => {
      if (!known) throw error;
      return known;
    });
    if (now && !isSame(now, known)) void this.refresh();
    return now ?? known;
  }

  async #findLike(wanted: string): Promise<IndexedRun | undefined> {
    const [id, ...others] = idsLike([...this.#spec.table.ids], wanted);
    return id === undefined || others.length > 0 ? undefined : this.#find(id);
  }

  async #latest(pipeline: string | undefined): Promise<IndexedRun | undefined> {
    await this.refresh();
    const runs = this.#spec.table.list({ limit: this.loaded().length + 1, pipeline });
    return latestOf(runs, (run) => this.#waits(run));
  }

  /** What a run waits for stands in what it is kept by, and nowhere once it has begun. */
  #waits({ id, outcome }: IndexedRun): boolean {
    return outcome === 'loaded' && runBefore(this.#spec.stateDir, id) !== undefined;
  }

  async #refresh(): Promise<void> {
    const { table } = this.#spec;
    const fresh = await this.#fresh();
    const open = new Map(table.open().map((run) => [run.id, run]));
    const news: IndexedRun[] = [];
    const troubles: unknown[] = [];
    for (const id of new Set([...open.keys(), ...fresh, ...this.#blank.keys()])) {
      const known = open.get(id);
      const now = await this.#look(id, known).catch((error: unknown) => {
        troubles.push(error);
        return known;
      });
      if (now || known) this.#blank.delete(id);
      else if (!this.#blank.has(id)) this.#blank.set(id, performance.now());
      if (now && !isSame(now, known)) news.push(now);
    }
    // What was forgotten meanwhile is not known any more, and no run that is lost.
    table.put(news.filter(({ id }) => !open.has(id) || table.ids.has(id)));
    for (const { id, outcome } of news) if (!isOpen(outcome)) this.#forget(id);
    if (troubles.length > 0) this.#spec.onTrouble(troubles[0] as Error);
  }

  #forget(id: string): void {
    this.#livedAt.delete(id);
    this.#lost.delete(id);
  }

  /** The runs that are not in the table yet. Those that are gone are taken out of it. */
  async #fresh(): Promise<string[]> {
    const { table, stateDir, now } = this.#spec;
    const changedAt = (await stat(runsFolder(stateDir)).catch(() => undefined))?.mtimeMs ?? 0;
    if (changedAt === this.#seenAt) return [];
    // A change within the same tick of the file system's clock would not be seen.
    this.#seenAt = now() - changedAt > 100 ? changedAt : undefined;
    const there = new Set(await readdir(runsFolder(stateDir)).catch(ifNotThere));
    for (const { id, outcome } of table.open())
      if (isOpen(outcome) && outcome !== 'running') there.add(id);
    const gone = [...table.ids].filter((id) => !there.has(id));
    table.remove(gone);
    for (const id of gone) this.#forget(id);
    for (const id of this.#blank.keys()) if (!there.has(id)) this.#blank.delete(id);
    // There may be thousands that are known, and few that are not.
    return [...there].filter((id) => !table.ids.has(id) && timeOfRunId(id) !== undefined);
  }

  /**
   * What a run is now; rejects when that cannot be read in this moment. One that is lost has lived until it was last
   * seen to. Looks overtake one another: whatever was told first of the end of a run is told by all of them.
   */
  async #look(id: string, known: IndexedRun | undefined): Promise<IndexedRun | undefined> {
    const run = await this.#read(id, known);
    const listed = this.#spec.table.get(id);
    if (run && listed && !isOpen(listed.outcome)) return listed;
    if (run?.outcome !== 'running' && run?.outcome !== 'lost') return run;
    const lost = this.#lost.get(id);
    if (lost) return lost;
    if (run.outcome === 'running') {
      this.#livedAt.set(id, this.#spec.now());
      return run;
    }
    const livedAt = this.#livedAt.get(id);
    const told = { ...run, ...(livedAt !== undefined && { endedAt: livedAt }) };
    this.#lost.set(id, told);
    return told;
  }

  /** What a run is now. `undefined`: it has written nothing. Rejects when that cannot be read in this moment. */
  async #read(id: string, known: IndexedRun | undefined): Promise<IndexedRun | undefined> {
    const { stateDir, isAlive } = this.#spec;
    const alive = known?.pid === undefined ? undefined : isAlive(ownerOf(known));
    // Asked before: one that begins in between is not lost, but only loaded for a moment more.
    const kept = isKept(stateDir, id);
    const summary = await summarizeRun(stateDir, id, isAlive);
    if (kept && summary?.endedAt === undefined) return toLoaded(id, stateDir, summary, known);
    if (summary?.pid !== undefined) return toIndexed(summary, known);
    // Its runner may be about to write the first record.
    if (known?.outcome === 'starting')
      return alive === true ? known : { ...known, outcome: 'lost' };
    if (summary && (known !== undefined || this.#isSettled(id))) return toIndexed(summary, known);
    return known && !summary ? { ...known, outcome: 'lost' } : undefined;
  }

  /** Whether nothing has come of a folder for so long that nothing will. */
  #isSettled(id: string): boolean {
    return performance.now() - (this.#blank.get(id) ?? Infinity) >= settlingMs;
  }
}

/** A run that has not begun within this time does not begin. */
const settlingMs = 60_000;

const ownerOf = ({ pid, pidStart }: IndexedRun) => ({
  pid: pid ?? 0,
  ...(pidStart !== undefined && { pidStart }),
});

function ifNotThere(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

const toIndexed = (
  { id, pipeline, outcome, startedAt, endedAt, pid }: RunSummary,
  known: IndexedRun | undefined,
): IndexedRun => ({
  id,
  pipeline,
  outcome,
  startedAt,
  ...(endedAt !== undefined && { endedAt }),
  ...(pid !== undefined && { pid }),
  ...(known?.pid === pid && known?.pidStart !== undefined && { pidStart: known.pidStart }),
});

function toLoaded(
  id: string,
  stateDir: string,
  summary: RunSummary | undefined,
  known: IndexedRun | undefined,
): IndexedRun {
  const told = [summary?.pipeline, known?.pipeline].find(
    (name) => name !== undefined && name !== '',
  );
  return {
    // Who reads it stands nowhere else.
    ...(summary ? toIndexed(summary, known) : known),
    id,
    pipeline: told ?? unbegun(stateDir, id)?.pipeline ?? '',
    outcome: 'loaded',
    startedAt: known?.startedAt ?? summary?.startedAt ?? timeOfRunId(id) ?? 0,
  };
}

const isSame = (one: IndexedRun, other: IndexedRun | undefined): boolean =>
  other?.outcome === one.outcome &&
  other.endedAt === one.endedAt &&
  other.pipeline === one.pipeline;
