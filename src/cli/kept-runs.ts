import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeFolder } from '../journal/state-dir.ts';

/** How many runs are remembered where nobody has said it. */
const usual = 50;

const pathIn = (stateDir: string): string => join(stateDir, 'keep-runs');

/** How many runs a state folder remembers: all who start runs in it forget those beyond. */
export function keptRuns(stateDir: string): number {
  try {
    const written = readFileSync(pathIn(stateDir), 'utf8').trim();
    return /^\d{1,9}$/.test(written) ? Number(written) : usual;
  } catch {
    return usual;
  }
}

/** Has a state folder remember so many. Throws what the file system throws. */
export function keepRuns(stateDir: string, howMany: number): void {
  makeFolder(stateDir);
  writeFileSync(pathIn(stateDir), `${howMany}\n`, { mode: 0o600 });
}
