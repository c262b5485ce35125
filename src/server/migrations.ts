import type { DatabaseSync } from 'node:sqlite';

/** What makes each version of the index out of the one before it. Never changed, only added to. */
const migrations: readonly string[] = [
  `CREATE TABLE runs (
     id TEXT NOT NULL PRIMARY KEY,
     pipeline TEXT NOT NULL,
     outcome TEXT NOT NULL,
     started_at REAL NOT NULL,
     ended_at REAL,
     pid INTEGER,
     pid_start TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX runs_by_outcome ON runs (outcome, id);
   CREATE INDEX runs_by_pipeline ON runs (pipeline, id);`,
  `CREATE TABLE aliases (
     alias TEXT NOT NULL PRIMARY KEY,
     run TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE plugins (id TEXT NOT NULL UNIQUE, path TEXT NOT NULL) STRICT;
   CREATE TABLE next_runs (
     run TEXT NOT NULL PRIMARY KEY,
     next TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
];

/** Brings an index up to this version. Throws for one of a later Continuo, which it leaves alone. */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrations): void {
  const version = versionOf(database);
  if (version > steps.length) throw new LaterIndex(version);
  for (const [index, sql] of steps.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

/** How far an index has been brought; 0 when nothing is in it. */
export function versionOf(database: DatabaseSync): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

/** The index was made by a later version of Continuo. */
export class LaterIndex extends Error {
  constructor(version: number) {
    super(`The index of runs was made by a later version of Continuo (${version}).`);
  }
}
