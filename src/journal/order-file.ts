import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { runFolder } from './state-dir.ts';

/** Where a run that has not begun is kept. */
export const orderFile = (stateDir: string, run: string): string =>
  join(runFolder(stateDir, run), 'order');

/** Whether a run is kept, whether or not a process waits in it. */
export const isKept = (stateDir: string, run: string): boolean =>
  existsSync(orderFile(stateDir, run));

/** Forgets what a run was kept by: from its beginning on, nobody needs that any more. */
export function wipeOrder(stateDir: string, run: string): void {
  rmSync(orderFile(stateDir, run), { force: true });
}
