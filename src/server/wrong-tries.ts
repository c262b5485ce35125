import type { Problem } from './problem.ts';

const windowMs = 60_000;
const most = 10;
/** Whoever has that many addresses is not told from others any more. */
const maxKnown = 1_000;

/**
 * Counts wrong tokens by where they come from. Who shows the right one is never held up: everybody on
 * this machine has the same address.
 */
export class WrongTries {
  readonly #now: () => number;
  readonly #known = new Map<string, { since: number; count: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts one more; the problem when there were too many within a minute. */
  another(from: string): Problem | undefined {
    const now = this.#now();
    const known = this.#known.get(from);
    if (known && now - known.since < windowMs) {
      known.count++;
      return known.count > most ? tooMany : undefined;
    }
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(from, { since: now, count: 1 });
    return undefined;
  }
}

const tooMany: Problem = {
  status: 429,
  kind: 'too-many-tries',
  title: 'Too many wrong tokens',
  detail: 'Wait a minute.',
};
