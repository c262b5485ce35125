import { setTimeout as delay } from 'node:timers/promises';

/** Lets so many do something at once, each begun some time after the one before; the others wait in order. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #apartMs: number;
  #free: number;
  /** When the latest was begun. */
  #last = Promise.resolve(-Infinity);

  constructor(atOnce: number, apartMs: number) {
    this.#free = atOnce;
    this.#apartMs = apartMs;
  }

  /** Rejects when `signal` aborts before the work has begun, which it does not do then. */
  async take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    try {
      const { working } = await this.#begin(work, signal);
      return await working;
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(signal.reason as Error);
      };
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.push(begin);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #begin<T>(
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly working: Promise<T> }> {
    const begun = this.#last.then(async (lastMs) => {
      const restMs = (): number => lastMs + this.#apartMs - performance.now();
      // A timer may be early, and rounds its time down.
      while (restMs() > 0 && !signal.aborted)
        await delay(Math.ceil(restMs()), undefined, { signal }).catch(() => undefined);
      if (signal.aborted)
        return { working: Promise.reject<T>(signal.reason as Error), atMs: lastMs };
      // The next is so far from when this one has begun, whatever came between.
      return { working: work(), atMs: performance.now() };
    });
    this.#last = begun.then(({ atMs }) => atMs);
    return begun;
  }
}
