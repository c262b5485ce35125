import { randomUUID } from 'node:crypto';

import { sayTo } from '../said.ts';

import type { DatabaseSync } from 'node:sqlite';
import type { Say } from '../said.ts';

/** What is remembered for the routes of CIX alone: plugins that were added, and what comes after each pipeline. */
export class CixTable {
  readonly #database: DatabaseSync;
  readonly #say: Say;

  constructor(database: DatabaseSync, say: Say = sayTo(database)) {
    this.#database = database;
    this.#say = say;
  }

  /** Answers an id for the file of a plugin: the same for the same file. */
  addPlugin(path: string): string {
    const known = this.#database.prepare('SELECT id FROM plugins WHERE path = ?').get(path);
    if (known) return String(known['id']);
    const id = randomUUID();
    this.#say({ kind: 'plugin', id, path });
    return id;
  }

  pluginPath(id: string): string | undefined {
    const row = this.#database.prepare('SELECT path FROM plugins WHERE id = ?').get(id);
    return row && String(row['path']);
  }

  /** Their ids, in the order in which they were added. */
  plugins(): readonly string[] {
    return this.#database
      .prepare('SELECT id FROM plugins ORDER BY rowid')
      .all()
      .map(({ id }) => String(id));
  }

  setNext(run: string, next: string): void {
    this.#say({ kind: 'next', run, next });
  }

  /** The runs that come after this one, each linked to the one before it. */
  after(run: string): readonly string[] {
    const runs: string[] = [];
    let next = this.#next(run);
    // What has begun before its turn may be put before what it was linked to; the table then leads in a circle.
    while (next !== undefined && next !== run && !runs.includes(next)) {
      runs.push(next);
      next = this.#next(next);
    }
    return runs;
  }

  #next(run: string): string | undefined {
    const row = this.#database.prepare('SELECT next FROM next_runs WHERE run = ?').get(run);
    return row && String(row['next']);
  }
}
