import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { runFolder } from './state-dir.ts';

/** Where a run that has not begun is kept. */
export const orderFile = (stateDir: string, run: string): string =>
  join(runFolder(stateDir, run), 'order');

/** Whether a run is kept, whether or not a process waits in it. */
export const isKept = (stateDir: string, run: string): boolean =>
  existsSync(orderFile(stateDir, run));

/** The run after which a kept one begins by itself; `undefined` when it waits for none, or cannot be read. */
export function runBefore(stateDir: string, run: string): string | undefined {
  try {
    const kept = JSON.parse(readFileSync(orderFile(stateDir, run), 'utf8')) as Beginning | null;
    const after = kept?.link?.after;
    return typeof after === 'string' ? after : undefined;
  } catch {
    return undefined;
  }
}

/** The part of what a run is kept by that says when it begins. */
interface Beginning {
  readonly link?: { readonly after?: unknown };
}

/** Forgets what a run was kept by: from its beginning on, nobody needs that any more. */
export function wipeOrder(stateDir: string, run: string): void {
  rmSync(orderFile(stateDir, run), { force: true });
}
