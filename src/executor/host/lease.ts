import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { isAlive } from '../common/process-table.ts';
import { GroupTree } from './control-group.ts';
import { Ending } from './ending.ts';
import { JoinedTree, TableTree } from './process-tree.ts';

import type { Identity } from '../common/process-table.ts';
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
interface Machine {
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

/**
 * A lease while its owner lives, one line for each task that is launched and each that has ended.
 * To be made before anything that it names. Disposing it takes it away, once nothing it names is left.
 */
export class KeptLease implements Disposable {
  readonly #file: string;
  #fd: number | undefined;

  /** Throws when it cannot be written: then nothing may be made. */
  constructor(file: string, lease: Lease) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = file;
    this.#fd = openSync(file, 'ax', 0o600);
    try {
      writeSync(this.#fd, `${JSON.stringify(lease)}\n`);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** A task's process was started. */
  launched({ pid, start }: Identity): void {
    this.#add({ pid, start });
  }

  /** Nothing of a task is left, and its pid may be given to a stranger. */
  ended({ pid, start }: Identity): void {
    this.#add({ pid, start, ended: true });
  }

  [Symbol.dispose](): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
    removeLease(this.#file);
  }

  #add(line: TaskLine): void {
    try {
      if (this.#fd !== undefined) writeSync(this.#fd, `${JSON.stringify(line)}\n`);
    } catch {
      // No disk: the marker and the group still tell whose the task is.
    }
  }
}

interface TaskLine extends Identity {
  readonly ended?: true;
}

/** The lease and the leaders of its tasks that have not ended. `undefined` when it is gone or was never whole. */
export function readLease(file: string): { lease: Lease; leaders: Identity[] } | undefined {
  try {
    const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n');
    const leaders = new Map<string, Identity>();
    for (const { pid, start, ended } of lines.flatMap(parseTaskLine))
      if (ended === true) leaders.delete(`${pid} ${start}`);
      else leaders.set(`${pid} ${start}`, { pid, start });
    return { lease: JSON.parse(head) as Lease, leaders: [...leaders.values()] };
  } catch {
    return undefined;
  }
}

/** Nothing for a line that is torn: its writer was killed, or had no disk. */
function parseTaskLine(line: string): TaskLine[] {
  try {
    return [JSON.parse(line) as TaskLine];
  } catch {
    return [];
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

const removeLease = (file: string): void => rmSync(file, { force: true });
