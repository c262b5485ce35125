import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { migrate, versionOf } from './migrations.ts';
import { settleSaid } from './said.ts';

/**
 * The database of the index. One that cannot be read is made anew, since all that is in it stands in
 * the journals, or in the file of what clients have said. Throws for one of a later Continuo.
 */
export function openIndexDatabase(serverDir: string): DatabaseSync {
  const path = join(serverDir, 'index.sqlite');
  try {
    return openAt(serverDir, path);
  } catch (error) {
    if (!isBroken(error)) throw error;
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    return openAt(serverDir, path);
  }
}

function openAt(serverDir: string, path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    // Nobody else has any business in it, and so nobody else's lock can hold us up.
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL',
    );
    const { quick_check: found } = database.prepare('PRAGMA quick_check(1)').get() as {
      quick_check: string;
    };
    if (found !== 'ok') throw Object.assign(new Error(found), { errcode: corrupt });
    const isNew = versionOf(database) === 0;
    migrate(database);
    settleSaid(database, serverDir, isNew);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const [corrupt, notADatabase] = [11, 26];

const isBroken = (error: unknown): boolean => {
  const { errcode } = error as { errcode?: number };
  return errcode === corrupt || errcode === notADatabase;
};
