import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

import { isAlive, processTable } from './process-table.ts';

import type { Identity } from './process-table.ts';

/** Who looks after what a run has made: one process, known wherever its name is read. */
export interface Owner extends Identity {
  /** One start of the machine. Empty where that cannot be told. */
  readonly boot: string;
  /** One space of pids on it. Empty where there is only one. */
  readonly pids: string;
  readonly machine: string;
}

/** Whether an owner still looks after what is its. `unknown`: that cannot be found out from here. */
export type Fate = 'alive' | 'dead' | 'unknown';

/** This process, as an owner. */
export function thisProcess(): Owner {
  const { pid } = process;
  return { pid, start: processTable.startOf(pid), ...whereWeAre() };
}

/** What has become of an owner. */
export function fateOf(owner: Owner): Fate {
  const here = whereWeAre();
  if (owner.boot !== here.boot || here.boot === '') {
    if (owner.machine !== here.machine) return 'unknown';
    if (owner.boot !== here.boot) return 'dead';
  }
  // In another container the pid tells us nothing: the owner may live.
  if (owner.pids !== here.pids) return 'unknown';
  return isAlive(owner) ? 'alive' : 'dead';
}

type Where = Pick<Owner, 'boot' | 'pids' | 'machine'>;

let where: Where | undefined;

function whereWeAre(): Where {
  where ??= {
    boot: read('/proc/sys/kernel/random/boot_id'),
    pids: link('/proc/self/ns/pid'),
    // Copies of one virtual machine have the same id, and may share an engine.
    machine: `${read('/etc/machine-id')}/${hostname()}`,
  };
  return where;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1').trim();
  } catch {
    return '';
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
