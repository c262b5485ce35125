import { setTimeout as delay } from 'node:timers/promises';

import type { IsAlive, Owner, SignalOwner } from '../journal/owner.ts';

/** What is seen and done of processes by whoever sees the process table. */
export interface Processes {
  readonly isAlive: IsAlive;
  readonly signalOwner: SignalOwner;
}

/** Ends a process that reads a run. Settles once it is gone, or nothing helps. */
export async function endReader(
  reader: Owner,
  { isAlive, signalOwner }: Processes,
  graceMs = 10_000,
): Promise<void> {
  // It ends what it has started; after KILL, its watchdogs do.
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    signalOwner(reader, signal);
    for (let waitedMs = 0; waitedMs < graceMs; waitedMs += pollMs) {
      if (!isAlive(reader)) return;
      await delay(pollMs);
    }
  }
}

const pollMs = 20;
