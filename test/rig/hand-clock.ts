import type { Clock } from '../../src/base/clock.ts';

/** A clock that stands still until a test moves it. Starts at 0. */
export class HandClock implements Clock {
  #now = 0;
  #sleepers = new Set<{ readonly at: number; wake(): void }>();

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    if (signal?.aborted === true) return Promise.resolve();
    const sleeper = {
      at: this.#now + ms,
      wake: () => {
        this.#sleepers.delete(sleeper);
        resolve(undefined);
      },
    };
    this.#sleepers.add(sleeper);
    signal?.addEventListener('abort', sleeper.wake, { once: true });
    return promise;
  }

  /** When the next sleeper wakes, if anybody sleeps. */
  get nextAt(): number | undefined {
    return this.#sleepers.size === 0
      ? undefined
      : Math.min(...[...this.#sleepers].map(({ at }) => at));
  }

  /** Lets time pass, sleeper by sleeper, and everything that follows from each of them. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.nextAt; next !== undefined && next <= until; next = this.nextAt) {
      this.#now = Math.max(next, this.#now);
      for (const sleeper of [...this.#sleepers]) if (sleeper.at <= this.#now) sleeper.wake();
      await settle();
    }
    this.#now = until;
  }

  /** Lets time pass in which nobody had a turn: whoever was to be woken meanwhile is woken at its end. */
  async oversleep(ms: number): Promise<void> {
    this.#now += ms;
    await this.pass(0);
  }
}

/** Lets everything that can go on without time or the world go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
