import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { fail, ok } from '../base/result.ts';

import type { Result } from '../base/result.ts';

/** The folder that holds every run. */
export const runsFolder = (stateDir: string): string => join(stateDir, 'runs');

/** The folder of one run. */
export const runFolder = (stateDir: string, run: string): string => join(stateDir, 'runs', run);

/** The journal of one run. */
export const journalPath = (stateDir: string, run: string): string =>
  join(runFolder(stateDir, run), 'journal');

/** The state folder cannot be used. */
export interface StateDirFailure {
  readonly kind: 'stateDirUnusable';
  readonly path: string;
  /** As the system names it, such as `ENOSPC`. */
  readonly code: string;
  /** Sentences: what happened, to which path, and what to do. */
  readonly detail: string;
}

/** Makes sure that journals can be written below this folder: creates it, and writes to it. */
export function openStateDir(stateDir: string): Result<void, StateDirFailure> {
  const trial = join(runsFolder(stateDir), `.trial-${crypto.randomUUID()}`);
  try {
    makeFolder(runsFolder(stateDir));
    writeTrial(trial);
    return ok(undefined);
  } catch (error) {
    return fail(describeStateError(error as NodeJS.ErrnoException, stateDir));
  }
}

/**
 * Makes a folder and those above it, for their owner only. Node's own recursive `mkdir` never
 * returns where a folder exists that takes no entries, such as `/proc`.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeInside(path);
  }
}

/** Another process may have made it in the meantime. */
function makeInside(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function writeTrial(path: string): void {
  try {
    writeFileSync(path, 'A full disk refuses this.\n', { mode: 0o600 });
  } finally {
    rmSync(path, { force: true });
  }
}

/** What a system error at a path of the state folder means for a person. */
export function describeStateError(
  { code = 'unknown', message }: NodeJS.ErrnoException,
  path: string,
): StateDirFailure {
  const [reason, remedy] = remedies[code] ?? [message, `Choose another place with ${elsewhere}.`];
  const detail = `Cannot write to ${path}: ${reason}. ${remedy}`;
  return { kind: 'stateDirUnusable', path, code, detail };
}

const elsewhere = '--state-dir';
const orElsewhere = `or choose another place with ${elsewhere}.`;

const remedies: Readonly<Record<string, readonly [string, string]>> = {
  EACCES: ['permission denied', `Make it writable, ${orElsewhere}`],
  EPERM: ['operation not permitted', `Make it writable, ${orElsewhere}`],
  EROFS: ['the file system is read-only', `Choose another place with ${elsewhere}.`],
  ENOSPC: ['no space is left on the disk', `Free some space, ${orElsewhere}`],
  EDQUOT: ['your disk quota is used up', `Free some space, ${orElsewhere}`],
  EFBIG: ['the file may not grow any larger', `Raise the limit, ${orElsewhere}`],
  EIO: ['the disk reports an error', `Check the disk, ${orElsewhere}`],
  ENOTDIR: ['a part of the path is a file', `Move that file away, ${orElsewhere}`],
  EEXIST: ['a file is in the way', `Move that file away, ${orElsewhere}`],
  ELOOP: ['too many symbolic links', `Choose another place with ${elsewhere}.`],
  ENAMETOOLONG: ['the path is too long', `Choose another place with ${elsewhere}.`],
};

/** Whether nothing of ours is at a path that was read in vain; otherwise it may be there, and cannot be read in this moment. */
export function isNothingOfOurs(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  // What is there and has another form is wrong in words that have no code.
  return code === undefined || notThere.has(code);
}

const notThere = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);
