import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { removeFolder } from '../common/remove-folder.ts';

import type { Result } from '../../base/result.ts';
import type { CommandSpec, LaunchFailure } from '../executor.ts';
import type { Account } from './account.ts';

/** The folder of a sandbox for what its tasks are started with. Only its owner can look into it. */
export class Scratch implements AsyncDisposable {
  readonly folder: string;
  #scripts = 0;

  /** Makes the folder, which must be nobody's yet. */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { mode: 0o700 });
    mkdirSync(join(this.folder, 'scripts'), { mode: 0o700 });
  }

  /** The words to execute, with a script put into a file that only `account` (or we) can read. */
  place(run: CommandSpec, account: Account | undefined): Result<Placed, LaunchFailure> {
    if (run.kind === 'argv') return ok({ argv: run.argv });
    if (run.kind === 'image') return fail({ kind: 'refused', detail: 'it has no image' });
    try {
      const folder = account ? this.#folderOf(account) : ok(join(this.folder, 'scripts'));
      if (!folder.ok) return folder;
      const script = join(folder.value, String(this.#scripts++));
      writeFileSync(script, run.text, { mode: 0o600 });
      if (account) chownSync(script, account.uid, account.gid);
      return ok({ argv: [...run.interpreter, script], script });
    } catch (error) {
      const { message } = error as Error;
      return fail({ kind: 'environment', detail: `its script cannot be put down: ${message}` });
    }
  }

  /** An empty file that only `account` (or we) can read and write. */
  placeOutputs(account: Account | undefined): Result<string, LaunchFailure> {
    try {
      const folder = account ? this.#folderOf(account) : ok(join(this.folder, 'scripts'));
      if (!folder.ok) return folder;
      const file = join(folder.value, `outputs-${this.#scripts++}`);
      writeFileSync(file, '', { mode: 0o600 });
      if (account) chownSync(file, account.uid, account.gid);
      return ok(file);
    } catch (error) {
      const { message } = error as Error;
      return fail({
        kind: 'environment',
        detail: `it cannot be given a file for outputs: ${message}`,
      });
    }
  }

  /** Takes a script away that no task needs any more. */
  remove(script: string): void {
    rmSync(script, { force: true });
  }

  /** From here on its inside is passed through by whoever knows the way, and listed by nobody. */
  letThrough(): void {
    chmodSync(this.folder, 0o711);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      // At first without holding anybody up: tasks may have left much.
      await rm(this.folder, { recursive: true, force: true }).catch(() =>
        removeFolder(this.folder),
      );
    } catch {
      // What cannot be removed is a folder of no use, and no reason to fail a run.
    }
  }

  #folderOf(account: Account): Result<string, LaunchFailure> {
    const folder = join(this.folder, `scripts-${account.uid}`);
    if (existsSync(folder)) return ok(folder);
    const shut = parentsOf(this.folder).find((parent) => !mayPass(account, parent));
    if (shut !== undefined)
      return fail({
        kind: 'refused',
        detail: `user '${account.name}' may not pass through ${shut} to its script: set TMPDIR to a folder that others may pass through`,
      });
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, account.uid, account.gid);
    this.letThrough();
    return ok(folder);
  }
}

function parentsOf(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [...parentsOf(parent), parent];
}

/** By the folder's mode. Whoever is given to a task belongs to no group but its own. */
function mayPass({ uid, gid }: Account, folder: string): boolean {
  const stat = statSync(folder);
  const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
  return uid === 0 || (stat.mode & bit) !== 0;
}

/** The words of a command, and its script's file if it has one. */
export interface Placed {
  readonly argv: readonly [string, ...string[]];
  readonly script?: string;
}
