import { sayTo } from './said.ts';

import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { RunSummary } from '../journal/run-summary.ts';
import type { Say } from './said.ts';

/** `starting`: its runner has been started, and has written nothing yet. `loaded`: nothing of it has begun. */
export type RunState = RunSummary['outcome'] | 'starting' | 'loaded';

/** A run in such a state may come to another. */
export const isOpen = (state: RunState): boolean =>
  state === 'running' || state === 'starting' || state === 'loaded';

/** What the index knows of a run. */
export interface IndexedRun {
  readonly id: string;
  /** The name of its pipeline. Several runs may have it. */
  readonly pipeline: string;
  readonly outcome: RunState;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly pid?: number;
  readonly pidStart?: string;
}

/** Which runs are wanted, the latest first. */
export interface RunQuery {
  readonly limit: number;
  /** Only those that began before this one. */
  readonly before?: string | undefined;
  readonly pipeline?: string | undefined;
  /** Only those with this in their names, whatever its case. */
  readonly contains?: string | undefined;
  readonly outcome?: RunState | undefined;
}

/** The runs in the database of the index. */
export class RunTable {
  readonly #database: DatabaseSync;
  readonly #ids: Set<string>;
  readonly #say: Say;

  /** Nobody else writes to the database. What clients say of runs goes by way of `say`. */
  constructor(database: DatabaseSync, say: Say = sayTo(database)) {
    this.#database = database;
    this.#say = say;
    const rows = database.prepare('SELECT id FROM runs').all();
    this.#ids = new Set(rows.map(({ id }) => String(id)));
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  put(runs: readonly IndexedRun[]): void {
    const put = this.#database.prepare('INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#all(runs, (run) =>
      put.run(
        ...[run.id, run.pipeline, run.outcome, run.startedAt],
        ...[run.endedAt ?? null, run.pid ?? null, run.pidStart ?? null],
      ),
    );
    for (const { id } of runs) this.#ids.add(id);
  }

  remove(ids: readonly string[]): void {
    const remove = this.#database.prepare('DELETE FROM runs WHERE id = ?');
    this.#all(ids, (id) => remove.run(id));
    for (const id of ids) this.#ids.delete(id);
  }

  get(id: string): IndexedRun | undefined {
    const row = this.#database.prepare('SELECT * FROM runs WHERE id = ?').get(id);
    return row && toRun(row);
  }

  list({ limit, before, pipeline, contains, outcome }: RunQuery): IndexedRun[] {
    const wanted = [
      ['id < ?', before],
      ['pipeline = ?', pipeline],
      ['instr(lower(pipeline), lower(?)) > 0', contains],
      ['outcome = ?', outcome],
    ].filter((one): one is [string, string] => one[1] !== undefined);
    const where = wanted.length === 0 ? '' : `WHERE ${wanted.map(([sql]) => sql).join(' AND ')}`;
    return this.#database
      .prepare(`SELECT * FROM runs ${where} ORDER BY id DESC LIMIT ?`)
      .all(...wanted.map(([, value]) => value), limit)
      .map(toRun);
  }

  /** Those whose end is not known. */
  open(): IndexedRun[] {
    return this.#database
      .prepare(`SELECT * FROM runs WHERE outcome IN ('running', 'starting', 'loaded')`)
      .all()
      .map(toRun);
  }

  /** Gives a run one more name, which another may have had. */
  setAlias(alias: string, run: string): void {
    this.#say({ kind: 'alias', alias, run });
  }

  /** The run of an alias, whether or not it is remembered itself. */
  ofAlias(alias: string): string | undefined {
    const row = this.#database.prepare('SELECT run FROM aliases WHERE alias = ?').get(alias);
    return row && String(row['run']);
  }

  /** Every alias of a run that is remembered, and which run that is. */
  aliases(): readonly { readonly alias: string; readonly run: string }[] {
    return this.#database
      .prepare('SELECT alias, run FROM aliases ORDER BY alias')
      .all()
      .map((row) => ({ alias: String(row['alias']), run: String(row['run']) }))
      .filter(({ run }) => this.#ids.has(run));
  }

  #all<T>(items: readonly T[], take: (item: T) => unknown): void {
    if (items.length === 0) return;
    this.#database.exec('BEGIN');
    try {
      for (const item of items) take(item);
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk has rolled it back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

const toRun = (row: Record<string, SQLOutputValue>): IndexedRun => ({
  id: String(row['id']),
  pipeline: String(row['pipeline']),
  outcome: String(row['outcome']) as RunState,
  startedAt: Number(row['started_at']),
  ...(row['ended_at'] !== null && { endedAt: Number(row['ended_at']) }),
  ...(row['pid'] !== null && { pid: Number(row['pid']) }),
  ...(row['pid_start'] !== null && { pidStart: String(row['pid_start']) }),
});
