import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { GroupTree } from './control-group.ts';
import { Ending } from './ending.ts';
import { isAlive } from './process-table.ts';
import { JoinedTree, TableTree } from './process-tree.ts';

import type { Identity } from './process-table.ts';
import type { ProcessTree } from './process-tree.ts';

/** What a sandbox has made outside of its process, so that others can end it when its owner is dead. */
export interface Lease {
  readonly runId: string;
  readonly owner: Identity;
  /** Pids mean something only there. */
  readonly machine: Machine;
  /** How the value starts that its tasks carry in their environment. */
  readonly marker: string;
  readonly scratch: string;
  readonly group?: string;
}

/** One start of a machine, and one space of pids on it. */
export interface Machine {
  readonly boot: string;
  readonly pids: string;
}

/** Where we are. */
export function thisMachine(): Machine {
  try {
    return {
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
      pids: readlinkSync('/proc/self/ns/pid'),
    };
  } catch {
    return { boot: '', pids: '' };
  }
}

/** Puts the lease down before anything of it is made. */
export function writeLease(file: string, lease: Lease): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(lease)}\n`, { mode: 0o600 });
}

/** Adds the launched process of a task, one line each. */
export function addLeader(file: string, { pid, start }: Identity): void {
  try {
    // Without O_CREAT: a lease that is gone stays gone.
    const lease = openSync(file, constants.O_WRONLY | constants.O_APPEND);
    writeSync(lease, `${JSON.stringify({ pid, start })}\n`);
    closeSync(lease);
  } catch {
    // Removed by somebody: the marker and the group still tell whose the task is.
  }
}

/** The lease and the leaders of its tasks. `undefined` when it is gone or was never whole. */
export function readLease(file: string): { lease: Lease; leaders: Identity[] } | undefined {
  try {
    const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n');
    // The last line is torn when its writer was killed.
    const leaders = lines.slice(0, -1).map((line) => JSON.parse(line) as Identity);
    return { lease: JSON.parse(head) as Lease, leaders };
  } catch {
    return undefined;
  }
}

/** Whether its owner can still be the one who looks after it. */
export function isOwned({ owner, machine }: Lease): boolean {
  const here = thisMachine();
  if (machine.boot !== here.boot) return false;
  // In another container the pid tells us nothing: the owner may live.
  return machine.pids !== here.pids || isAlive(owner);
}

/** Ends everything the lease names and removes it, itself at last. Safe to repeat. */
export async function endLease(file: string, graceMs: number): Promise<void> {
  const found = readLease(file);
  if (!found) return;
  const { lease, leaders } = found;
  if (lease.machine.boot === thisMachine().boot) {
    const { owner, marker, scratch } = lease;
    const traits = { leaders, since: owner.start, marker, output: `${scratch}/` };
    const trees: ProcessTree[] = [new TableTree(traits)];
    if (lease.group !== undefined) trees.push(new GroupTree(lease.group));
    const how = { signal: 'TERM', graceMs };
    await new Ending(new JoinedTree(trees), undefined, how).stopped;
  }
  rmSync(lease.scratch, { recursive: true, force: true });
  removeLease(file);
}

/** Takes the lease away once nothing it names is left. */
export const removeLease = (file: string): void => rmSync(file, { force: true });
