/** As many places as may be taken at once; who comes later waits, the first one first. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Does the work once there is a place for it: at once if there is. The work says when it leaves that. */
  take<T>(work: (leave: () => void) => Promise<T>): Promise<T> {
    let hasLeft = false;
    const leave = (): void => {
      if (hasLeft) return;
      hasLeft = true;
      this.#free += 1;
      this.#waiting.shift()?.();
    };
    if (this.#free > 0) {
      this.#free -= 1;
      return work(leave);
    }
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waiting.push(() => {
      this.#free -= 1;
      resolve(undefined);
    });
    return promise.then(() => work(leave));
  }
}
