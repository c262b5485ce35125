import { setTimeout as delay } from 'node:timers/promises';

import { isAborted } from './abort.ts';

/** Where time comes from, so that a test can move it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. Never goes backwards, whatever happens to the wall clock. */
  now(): number;

  /** Settles after `ms` milliseconds, never earlier, or when `signal` aborts, whichever comes first. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A timer of 2^31 ms (24.8 days) and more fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's own time, counted on from the start of the process by its monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),

  async sleep(ms, signal) {
    const end = systemClock.now() + ms;
    let left = ms;
    do {
      // A timer may fire a fraction of a millisecond early, and rounds its time down.
      const slice = Math.min(Math.ceil(left), longestTimerMs);
      await delay(slice, undefined, signal ? { signal } : {}).catch(() => undefined);
      left = end - systemClock.now();
    } while (left > 0 && !isAborted(signal));
  },
};
