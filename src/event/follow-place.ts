import { isBeginning } from './begun.ts';

import type { JournalRecord } from './event.ts';

/**
 * Where somebody has come to who follows a run by one connection after the other. A run of which nothing has begun may
 * get another process, which writes another journal: it is told from its first record again, until it begins.
 */
export class FollowPlace {
  #next: number;
  /** Of the journal that is told. */
  #startedAt: number | undefined;
  #isLoaded = false;

  /** `from` is the first record that is wanted. */
  constructor(from = 0) {
    this.#next = from;
  }

  /** The number after that of the last record that was told. */
  get next(): number {
    return this.#next;
  }

  /** The first record that the next connection is to tell. */
  get from(): number {
    return this.#isLoaded ? 0 : this.#next;
  }

  /** Takes a record as a connection tells it. `false`: it was told before. */
  take(record: JournalRecord): boolean {
    if (record.type === 'run.started' && record.at !== this.#startedAt) {
      this.#startedAt = record.at;
      this.#next = 0;
    }
    if (record.seq < this.#next) return false;
    this.#next = record.seq + 1;
    if (isBeginning(record)) this.#isLoaded = false;
    else if (record.type === 'run.paused' && record.why.kind === 'loaded') this.#isLoaded = true;
    return true;
  }
}
