import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

/**
 * The right to serve a state folder, until it is disposed of or its process is dead, however that came:
 * the system holds it. `undefined`: another process has it.
 */
export function lockState(serverDir: string): Disposable | undefined {
  const database = new DatabaseSync(join(serverDir, 'lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isLocked(error)) return undefined;
    throw error;
  }
  return { [Symbol.dispose]: () => database.close() };
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
const isLocked = (error: unknown): boolean =>
  [5, 6].includes((error as { errcode?: number }).errcode ?? 0);
