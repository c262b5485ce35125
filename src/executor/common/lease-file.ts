import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { fateOf } from './owner.ts';

import type { Owner } from './owner.ts';

/**
 * The first line of a lease: what a sandbox makes outside of its process, so that others can end it
 * when its owner is dead.
 */
export interface Lease {
  readonly runId: string;
  readonly owner: Owner;
}

/**
 * A lease while its owner lives. To be made before anything that it names. Disposing it takes it
 * away, once nothing it names is left.
 */
export class LeaseFile implements Disposable {
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

  /** Adds a line, unless there is no disk for it. */
  add(line: object): void {
    try {
      if (this.#fd !== undefined) writeSync(this.#fd, `${JSON.stringify(line)}\n`);
    } catch {
      // What it would tell can be found out in other ways, only not as quickly.
    }
  }

  /** Leaves it where it is although its owner has no more to do with it. */
  leave(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  [Symbol.dispose](): void {
    if (this.#fd === undefined) return;
    this.leave();
    removeLease(this.#file);
  }
}

/** Takes a lease away. Safe to repeat. */
export const removeLease = (file: string): void => rmSync(file, { force: true });

/** A lease and the lines that follow it. `undefined` when it is gone or was never whole. */
export function readLeaseFile(file: string): { lease: Lease; lines: object[] } | undefined {
  try {
    const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n');
    return { lease: JSON.parse(head) as Lease, lines: lines.flatMap(parseLine) };
  } catch {
    return undefined;
  }
}

/** Nothing for a line that is torn: its writer was killed, or had no disk. */
function parseLine(line: string): object[] {
  try {
    return [JSON.parse(line) as object];
  } catch {
    return [];
  }
}

/** The leases in a folder, of those with this ending to their name, whose owner is dead. */
export function deadLeases(folder: string, ending: string): string[] {
  return leaseFiles(folder, ending).filter((file) => {
    const found = readLeaseFile(file);
    return found !== undefined && fateOf(found.lease.owner) === 'dead';
  });
}

/** A lease is written at once: one that is not whole after this long never will be. */
const halfWrittenMs = 60_000;

/** Takes away the leases whose writer had no time or no disk to write them. */
export function removeHalfWritten(folder: string, ending: string): void {
  for (const file of leaseFiles(folder, ending)) {
    if (readLeaseFile(file)) continue;
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > halfWrittenMs) removeLease(file);
  }
}

function leaseFiles(folder: string, ending: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
