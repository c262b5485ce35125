import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { CommandSpec } from '../executor.ts';
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
  toArgv(run: CommandSpec, account: Account | undefined): Placed {
    if (run.kind === 'argv') return { argv: run.argv };
    const folder = account ? this.#folderOf(account) : join(this.folder, 'scripts');
    const script = join(folder, String(this.#scripts++));
    writeFileSync(script, run.text, { mode: 0o600 });
    if (account) chownSync(script, account.uid, account.gid);
    return { argv: [...run.interpreter, script], script };
  }

  /** Takes a script away that no task needs any more. */
  remove(script: string): void {
    rmSync(script, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What cannot be removed is a folder of no use, and no reason to fail a run.
    await rm(this.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  #folderOf({ uid, gid }: Account): string {
    const folder = join(this.folder, `scripts-${uid}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, uid, gid);
    // To be passed through by whoever knows the way, and listed by nobody.
    chmodSync(this.folder, 0o711);
    return folder;
  }
}

/** The words of a command, and its script's file if it has one. */
export interface Placed {
  readonly argv: readonly [string, ...string[]];
  readonly script?: string;
}
