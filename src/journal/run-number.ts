import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fail, ok } from '../base/result.ts';
import { describeStateError, makeFolder } from './state-dir.ts';

import type { Result } from '../base/result.ts';
import type { StateDirFailure } from './state-dir.ts';

/**
 * The number of the next run of a pipeline: 1 for the first that this state folder has heard of, and for
 * every other one more than was last given, however many begin at once; removing old runs gives none of them back.
 *
 * Each pipeline has a folder with one file in it, whose name is the last number. Who renames that file to
 * the next number has it: a name can be renamed by one alone.
 */
export function nextRunNumber(
  stateDir: string,
  pipeline: { readonly name: string; readonly workspace: string },
): Result<number, StateDirFailure> {
  const folder = join(stateDir, 'numbers', keyOf(pipeline));
  try {
    makeFolder(folder);
    for (;;) {
      const last = lastIn(folder);
      if (last === undefined) makeFirst(folder);
      else if (hasRenamed(folder, last, last + 1)) return ok(last + 1);
    }
  } catch (error) {
    return fail(describeStateError(error as NodeJS.ErrnoException, folder));
  }
}

const keyOf = ({ name, workspace }: { name: string; workspace: string }): string =>
  createHash('sha256').update(`${workspace}\0${name}`).digest('hex').slice(0, 32);

/** The highest where there are several: who ended in the middle of it may have left lower ones, in earlier versions. */
function lastIn(folder: string): number | undefined {
  const numbers = readdirSync(folder).map(Number).filter(Number.isSafeInteger);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

/** Has an empty folder begin with 0, unless somebody else is faster: a folder takes the place of an empty one alone. */
function makeFirst(folder: string): void {
  const fresh = mkdtempSync(`${folder}-`);
  try {
    writeFileSync(join(fresh, '0'), '', { mode: 0o600 });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (lastIn(folder) === undefined) throw error;
  }
}

/** Whether nobody else was faster. */
function hasRenamed(folder: string, from: number, to: number): boolean {
  try {
    renameSync(join(folder, String(from)), join(folder, String(to)));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
