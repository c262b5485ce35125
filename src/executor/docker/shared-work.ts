/**
 * Work that is done once for each key, however many ask for it. It is given up when the last of those
 * who wait for it has left, and then begun anew for the next; what was done stays done until it is forgotten.
 */
export class SharedWorks<T> {
  readonly #works = new Map<string, Work<T>>();

  /** What the work came to, or nothing as soon as `signal` aborts. */
  async wait(
    key: string,
    begin: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    if (signal.aborted) return undefined;
    let work = this.#works.get(key);
    if (!work || work.isGivenUp) {
      work = new Work(begin);
      this.#works.set(key, work);
    }
    return work.wait(signal);
  }

  /** What the work has come to. `undefined` while it is under way, and where there is none. */
  result(key: string): T | undefined {
    const work = this.#works.get(key);
    return work?.isGivenUp === false ? work.result : undefined;
  }

  /** Has the work begun anew for the next who asks. */
  forget(key: string): void {
    this.#works.delete(key);
  }
}

class Work<T> {
  readonly #unwanted = new AbortController();
  readonly #done: Promise<T>;
  #result: T | undefined;
  #waiting = 0;

  constructor(begin: (signal: AbortSignal) => Promise<T>) {
    this.#done = begin(this.#unwanted.signal).then((result) => (this.#result = result));
  }

  get result(): T | undefined {
    return this.#result;
  }

  get isGivenUp(): boolean {
    return this.#unwanted.signal.aborted;
  }

  async wait(signal: AbortSignal): Promise<T | undefined> {
    const left = Promise.withResolvers<undefined>();
    const leave = (): void => {
      left.resolve(undefined);
      if (--this.#waiting === 0) this.#unwanted.abort();
    };
    signal.addEventListener('abort', leave);
    this.#waiting++;
    try {
      // Whoever has waited to the end never leaves: what is done is not given up.
      return await Promise.race([this.#done, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}
