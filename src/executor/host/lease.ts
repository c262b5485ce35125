import { LeaseFile, readLeaseFile, removeLease } from '../common/lease-file.ts';
import { thisProcess } from '../common/owner.ts';
import { removeFolder } from '../common/remove-folder.ts';
import { GroupTree } from './control-group.ts';
import { Ending } from './ending.ts';
import { JoinedTree, TableTree } from './process-tree.ts';

import type { Lease } from '../common/lease-file.ts';
import type { Identity } from '../common/process-table.ts';
import type { ProcessTree } from './process-tree.ts';

/** How the names of the leases of this executor end. */
export const leaseEnding = '.lease';

/** The lease of a sandbox whose tasks are processes of this machine. */
export interface HostLease extends Lease {
  /** How the value starts that its tasks carry in their environment. */
  readonly marker: string;
  readonly scratch: string;
  readonly group?: string;
}

/**
 * A lease while its owner lives, one line for each task that is launched and each that has ended.
 * To be made before anything that it names. Disposing it takes it away, once nothing it names is left.
 */
export class KeptLease implements Disposable {
  readonly #file: LeaseFile;

  /** Throws when it cannot be written: then nothing may be made. */
  constructor(file: string, lease: HostLease) {
    this.#file = new LeaseFile(file, lease);
  }

  // Without disk for such lines, the marker and the group still tell whose a task is.

  /** A task's process was started. */
  launched({ pid, start }: Identity): void {
    this.#file.add({ pid, start } satisfies TaskLine);
  }

  /** Nothing of a task is left, and its pid may be given to a stranger. */
  ended({ pid, start }: Identity): void {
    this.#file.add({ pid, start, ended: true } satisfies TaskLine);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

interface TaskLine extends Identity {
  readonly ended?: true;
}

/** The lease and the leaders of its tasks that have not ended. `undefined` when it is gone or was never whole. */
export function readLease(file: string): { lease: HostLease; leaders: Identity[] } | undefined {
  const found = readLeaseFile(file);
  if (!found) return undefined;
  const leaders = new Map<string, Identity>();
  for (const { pid, start, ended } of found.lines as TaskLine[])
    if (ended === true) leaders.delete(`${pid} ${start}`);
    else leaders.set(`${pid} ${start}`, { pid, start });
  return { lease: found.lease as HostLease, leaders: [...leaders.values()] };
}

/** Ends everything the lease names and removes it, itself at last. Safe to repeat. */
export async function endLease(file: string, graceMs: number): Promise<void> {
  const found = readLease(file);
  if (!found) return;
  const { lease, leaders } = found;
  const { owner, marker, scratch, group } = lease;
  if (owner.boot === thisProcess().boot) {
    const traits = { leaders, since: owner.start, marker, output: `${scratch}/` };
    const trees: ProcessTree[] = [new TableTree(traits)];
    if (group !== undefined) trees.push(new GroupTree(group));
    const how = { signal: 'TERM', graceMs };
    await new Ending(new JoinedTree(trees), undefined, how).stopped;
  }
  removeFolder(scratch);
  removeLease(file);
}
