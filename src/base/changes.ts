/** Something that others wait to see change. */
export class Changes {
  #next = Promise.withResolvers<undefined>();

  /** Has everybody who waits look again. */
  tell(): void {
    const told = this.#next;
    this.#next = Promise.withResolvers();
    told.resolve(undefined);
  }

  /** Settles once it is so, at once if it is by now; or when `signal` aborts. */
  async until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<undefined>();
    const leave = (): void => aborted.resolve(undefined);
    signal.addEventListener('abort', leave, { once: true });
    while (!isSo() && !signal.aborted) await Promise.race([this.#next.promise, aborted.promise]);
    signal.removeEventListener('abort', leave);
  }
}
