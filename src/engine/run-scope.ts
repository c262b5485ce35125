import type { Cause, RunOutcome, SkipReason } from '../event/outcome.ts';
import type { Stage } from '../plan/plan.ts';

/** What the stages of a run run in: it knows what has become of the run so far, and ends it. */
export class RunScope {
  readonly #wanted = new AbortController();
  readonly #forced = new AbortController();
  #cause: Cause | undefined;
  #isCancelled = false;

  /** Aborts when the run has lost its point. */
  get signal(): AbortSignal {
    return this.#wanted.signal;
  }

  /** Aborts when even a grace period is too long. */
  get forced(): AbortSignal {
    return this.#forced.signal;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** What broke first in it. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  /** What it has come to, if nothing happens any more. */
  get outcome(): RunOutcome {
    if (this.#cause) return 'failed';
    return this.#isCancelled ? 'cancelled' : 'succeeded';
  }

  /** Why nothing begins any more once `signal` has aborted. */
  get skipReason(): SkipReason {
    return { kind: this.#isCancelled ? 'cancelled' : 'failure' };
  }

  /** Ends it for a cause. */
  fail(cause: Cause): void {
    this.#blame(cause);
    this.#wanted.abort();
  }

  /** A stage failed. Whether that is the run's failure, and its end, is up to the stage. */
  failStage({ continueOnFail, failing }: Stage, cause: Cause): void {
    if (continueOnFail === true) return;
    if (failing === 'in-order') this.#blame(cause);
    else this.fail(cause);
  }

  /** Ends it since somebody wants that; the second time, at once. */
  cancel(): void {
    if (this.#isCancelled) this.#forced.abort();
    this.#isCancelled = true;
    this.#wanted.abort();
  }

  /** What breaks once it is cancelled follows from that. */
  #blame(cause: Cause): void {
    if (this.#isCancelled) return;
    if (!this.#cause || isSameService(this.#cause, cause)) this.#cause = cause;
  }
}

/** A service tells once more how it ended when everything about that is known. */
export const isSameService = (cause: Cause, found: Cause): boolean =>
  cause.kind === 'service' && found.kind === 'service' && cause.service === found.service;
