import { mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { lookUntilNobodyDied } from '../common/linux-table.ts';
import { processTable } from '../common/process-table.ts';

import type { Identity, ProcessEntry } from '../common/process-table.ts';
import type { ProcessTree } from './process-tree.ts';

/** A tree that the kernel keeps together: nothing leaves its group by forking. */
export class GroupTree implements ProcessTree {
  readonly folder: string;

  /** For a group that exists, or once did. */
  constructor(folder: string) {
    this.folder = folder;
  }

  members(): Identity[] {
    if (!isPopulated(this.folder)) return [];
    return groupEntries(this.folder).filter(({ pid }) => pid !== process.pid);
  }

  kill(): void {
    killGroup(this.folder);
  }

  release(): void {
    removeGroup(this.folder);
  }
}

/** Whether a process lives in the group or below it. `false` when there is no such group. */
function isPopulated(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'cgroup.events'), 'latin1').includes('populated 1');
  } catch {
    return false;
  }
}

/** KILL to all that is in the group or below it, by the kernel at once where it can. */
function killGroup(folder: string): void {
  try {
    // A group that holds ourselves must never be killed as a whole.
    if (!groupPids(folder).includes(process.pid)) {
      // Not to be opened for reading by anybody but root.
      writeFileSync(join(folder, 'cgroup.kill'), '1');
      return;
    }
  } catch {
    // Linux before 5.14.
  }
  for (const pid of groupPids(folder)) if (pid !== process.pid) killNow(pid);
}

/**
 * KILL to one process of a group of ours, whosever it is: the kernel asks who may write to the
 * group, and not who may signal the process. Does nothing where we may not, or before Linux 5.14.
 */
export function killApart(group: string, pid: number): void {
  const apart = join(group, 'apart');
  if (groupPids(apart).includes(pid)) return;
  try {
    mkdirSync(apart, { recursive: true });
    writeFileSync(join(apart, 'cgroup.procs'), String(pid));
    killGroup(apart);
  } catch {
    // ESRCH: gone by itself meanwhile.
  }
}

/** Removes the group and those below it. What still holds a process stays. */
export function removeGroup(folder: string): void {
  try {
    rmdirSync(folder);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
  }
  for (const below of groupsIn(folder)) removeGroup(below);
  try {
    rmdirSync(folder);
  } catch {
    // EBUSY: whoever is still in it is found by the next sweep.
  }
}

/** The processes of the group and of those below it, ourselves too. */
export const groupEntries = (folder: string): ProcessEntry[] =>
  lookUntilNobodyDied(() => {
    const pids = groupPids(folder);
    const entries = pids.flatMap((pid) => processTable.find(pid) ?? []);
    return { entries, hasDied: entries.length < pids.length };
  });

/** Who is in the group or below it, ourselves too. */
function groupPids(folder: string): number[] {
  let own: number[] = [];
  try {
    own = readFileSync(join(folder, 'cgroup.procs'), 'latin1').split('\n').map(Number);
  } catch {
    // ENOENT: removed meanwhile.
  }
  return [...own.filter((pid) => pid > 0), ...groupsIn(folder).flatMap(groupPids)];
}

function groupsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

/** KILL to a pid that was listed in this very moment. */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ESRCH: gone by itself meanwhile.
  }
}
