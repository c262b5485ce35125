import { setTimeout as delay } from 'node:timers/promises';

/** Where time comes from, so that a test can move it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. Never goes backwards, whatever happens to the wall clock. */
  now(): number;

  /** Settles after `ms` milliseconds or when `signal` aborts, whichever comes first. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time, counted on from the start of the process by its monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),

  async sleep(ms, signal) {
    if (signal?.aborted === true) return;
    await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};
