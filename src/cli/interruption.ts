import { onEndSignals } from './signals.ts';

/** Hears of the signals that ask for our end, from when it is made until it is disposed of. */
export class Interruption implements Disposable {
  readonly #asked = new AbortController();
  readonly #listeners = new Set<(signal: string) => void>();
  readonly #signals: Disposable;
  #by: string | undefined;

  constructor() {
    this.#signals = onEndSignals((signal) => {
      this.#by ??= signal;
      this.#asked.abort();
      for (const listener of this.#listeners) listener(signal);
    });
  }

  /** The first signal that came. */
  get by(): string | undefined {
    return this.#by;
  }

  /** Aborted by the first one. */
  get signal(): AbortSignal {
    return this.#asked.signal;
  }

  /** Calls `listener` with each that comes from now on, until what it returns is disposed of. */
  hear(listener: (signal: string) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#signals[Symbol.dispose]();
  }
}
