import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod/mini';

import type { DatabaseSync } from 'node:sqlite';

const said = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('alias'), alias: z.string(), run: z.string() }),
  z.strictObject({ kind: z.literal('next'), run: z.string(), next: z.string() }),
  z.strictObject({ kind: z.literal('plugin'), id: z.string(), path: z.string() }),
]);

/** What a client has said that no journal tells. The last word counts. */
export type Said = z.output<typeof said>;

/** Remembers what a client says. Throws what the disk says. */
export type Say = (said: Said) => void;

/** Remembers in the database of the index alone. */
export const sayTo =
  (database: DatabaseSync): Say =>
  (news) => {
    const [table, ...values] = rowOf(news);
    database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?)`).run(...values);
  };

/** The same, and beside it, in a file that outlives the database. */
export const sayToBoth = (database: DatabaseSync, serverDir: string): Say => {
  const say = sayTo(database);
  return (news) => {
    appendFileSync(pathIn(serverDir), lineOf(news), { mode: 0o600 });
    say(news);
  };
};

/** Has the file say what the database does, and a database that `isNew` what the file says. */
export function settleSaid(database: DatabaseSync, serverDir: string, isNew: boolean): void {
  const path = pathIn(serverDir);
  const written = read(path);
  if (isNew) for (const news of parse(written)) sayTo(database)(news);
  const known = saidIn(database).map(lineOf).join('');
  if (known === written) return;
  writeFileSync(`${path}.new`, known, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

const pathIn = (serverDir: string): string => join(serverDir, 'said.jsonl');

const lineOf = (news: Said): string => `${JSON.stringify(news)}\n`;

function rowOf(news: Said): readonly [table: string, first: string, second: string] {
  switch (news.kind) {
    case 'alias':
      return ['aliases', news.alias, news.run];
    case 'next':
      return ['next_runs', news.run, news.next];
    case 'plugin':
      return ['plugins', news.id, news.path];
    default:
      return news satisfies never;
  }
}

function saidIn(database: DatabaseSync): readonly Said[] {
  const rows = (kind: Said['kind'], sql: string): readonly Said[] =>
    database
      .prepare(sql)
      .all()
      .map((row) => said.parse({ kind, ...row }));
  return [
    ...rows('alias', 'SELECT alias, run FROM aliases ORDER BY alias'),
    ...rows('next', 'SELECT run, next FROM next_runs ORDER BY run'),
    ...rows('plugin', 'SELECT id, path FROM plugins ORDER BY rowid'),
  ];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A line that broke off is none. */
const parse = (text: string): readonly Said[] =>
  text.split('\n').flatMap((line) => {
    try {
      return [said.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
