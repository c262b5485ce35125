import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes a folder with all that is in it, also folders that a task has let nobody write to. Throws
 * when something of it stays. What is not there is as good as done.
 */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    openAll(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

function openAll(folder: string): void {
  try {
    chmodSync(folder, 0o700);
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) openAll(join(folder, entry.name));
  } catch {
    // Another user's, mostly. The removal says so.
  }
}
