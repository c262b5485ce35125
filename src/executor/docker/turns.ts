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

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      const { working } = await this.#begin(work);
      return await working;
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  #begin<T>(work: () => Promise<T>): Promise<{ readonly working: Promise<T> }> {
    const begun = this.#last.then(async (lastMs) => {
      const restMs = (): number => lastMs + this.#apartMs - performance.now();
      // A timer may be early, and rounds its time down.
      while (restMs() > 0) await delay(Math.ceil(restMs()));
      // The next is so far from when this one has begun, whatever came between.
      return { working: work(), atMs: performance.now() };
    });
    this.#last = begun.then(({ atMs }) => atMs);
    return begun;
  }
}
