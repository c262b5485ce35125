import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of what the server remembers beside the runs. */
export const serverDirOf = (stateDir: string): string => join(stateDir, 'server');

/** Where the server of a state folder is found. */
export interface Where {
  readonly pid: number;
  readonly url: string;
}

const pathIn = (serverDir: string): string => join(serverDir, 'where.json');

/** Tells others on this machine where the server is. Throws what the file system throws. */
export function writeWhere(serverDir: string, where: Where): void {
  writeFileSync(pathIn(serverDir), `${JSON.stringify(where)}\n`, { mode: 0o600 });
}

/** Where it was when it last began; `undefined` when it has ended in order, or never was. */
export function readWhere(serverDir: string): Where | undefined {
  try {
    return JSON.parse(readFileSync(pathIn(serverDir), 'utf8')) as Where;
  } catch {
    return undefined;
  }
}

/** It is not there any more. */
export function removeWhere(serverDir: string): void {
  rmSync(pathIn(serverDir), { force: true });
}
