import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { fail, ok } from '../base/result.ts';
import { describeStateError, makeFolder } from './state-dir.ts';

import type { Result } from '../base/result.ts';
import type { StateDirFailure } from './state-dir.ts';

/**
 * The number of the next run of a pipeline: 1 for the first that this state folder has heard of, and for
 * every other one more than was ever given. No two runs get the same, however many begin at once, and
 * removing old runs gives none of them back.
 */
export function nextRunNumber(
  stateDir: string,
  pipeline: { readonly name: string; readonly workspace: string },
): Result<number, StateDirFailure> {
  const folder = join(stateDir, 'numbers', keyOf(pipeline));
  try {
    makeFolder(folder);
    for (let number = highestIn(folder) + 1; ; number++) {
      if (!take(folder, number)) continue;
      // Between looking and taking, others may have come and gone: only the highest is never given up.
      const highest = highestIn(folder);
      if (highest > number) {
        release(folder, number);
        number = highest;
        continue;
      }
      for (const old of numbersIn(folder)) if (old < number) release(folder, old);
      return ok(number);
    }
  } catch (error) {
    return fail(describeStateError(error as NodeJS.ErrnoException, folder));
  }
}

const keyOf = ({ name, workspace }: { name: string; workspace: string }): string =>
  createHash('sha256').update(`${workspace}\0${name}`).digest('hex').slice(0, 32);

const numbersIn = (folder: string): readonly number[] =>
  readdirSync(folder).map(Number).filter(Number.isSafeInteger);

const highestIn = (folder: string): number =>
  numbersIn(folder).reduce((highest, one) => Math.max(highest, one), 0);

const release = (folder: string, number: number): void =>
  rmSync(join(folder, String(number)), { force: true });

/** Whether nobody has it already. */
function take(folder: string, number: number): boolean {
  try {
    closeSync(openSync(join(folder, String(number)), 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
