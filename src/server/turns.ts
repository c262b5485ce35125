/** So much of a journal is looked through in one turn, in bytes: some milliseconds of work. */
export const turnBytes = 256 * 1_024;

/**
 * Lets much work be done in turns: between two of them, whoever's they are, everything else that has come meanwhile is
 * done. One for each server, since ten searches of one turn each would hold others up as long as one of ten.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #taken = 0;

  /** How many there were. */
  get taken(): number {
    return this.#taken;
  }

  /** Settles when it is one's turn, which lasts until one waits for anything. */
  next(): Promise<void> {
    const mine = this.#last.then(() => new Promise<void>((resolve) => setImmediate(resolve)));
    this.#last = mine;
    this.#taken++;
    return mine;
  }
}
