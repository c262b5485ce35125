import type { RunContext } from './run-context.ts';
import type { Cause, GroupEnd, SkipReason } from '../event/outcome.ts';

/** What a node runs in: the run, or an attempt of the group that it stands in. */
export interface Surroundings {
  /** Aborts when nothing in it is wanted any more. */
  readonly signal: AbortSignal;
  /** Why what has not begun by the time that `signal` aborts never will. */
  readonly skipReason: SkipReason;
  /** Whether it is over for now only: everything in it will be run once more. */
  readonly comesAgain: boolean;
  /** Tells it that something in it failed and that the pipeline has no excuse for that. */
  fail(cause: Cause): void;
}

/** What the outermost nodes of a stage run in. */
export class WholeRun implements Surroundings {
  readonly signal: AbortSignal;
  readonly comesAgain = false;
  readonly #run: Pick<RunContext, 'fail'>;
  #hasFailed = false;

  constructor(run: Pick<RunContext, 'signal' | 'fail'>) {
    this.#run = run;
    this.signal = run.signal;
  }

  get skipReason(): SkipReason {
    return { kind: this.#hasFailed ? 'failure' : 'cancelled' };
  }

  fail(cause: Cause): void {
    this.#hasFailed ||= !this.signal.aborted;
    this.#run.fail(cause);
  }
}

/** What becomes of a group when an attempt fails. */
interface AttemptRule {
  readonly group: string;
  /** No other attempt follows. */
  readonly isLast: boolean;
  readonly continueOnFail: boolean;
}

/**
 * One attempt of a group. The first thing that goes wrong decides how it ends, and ends everything
 * that runs in it; where nothing is left that could mend it, whatever is around hears of it at once.
 */
export class GroupAttempt implements Surroundings {
  readonly signal: AbortSignal;
  readonly #around: Surroundings;
  readonly #rule: AttemptRule;
  readonly #over = new AbortController();
  #end: GroupEnd | undefined;

  constructor(around: Surroundings, rule: AttemptRule) {
    this.#around = around;
    this.#rule = rule;
    this.signal = AbortSignal.any([around.signal, this.#over.signal]);
  }

  /** What went wrong in it first. */
  get end(): GroupEnd | undefined {
    return this.#end;
  }

  get skipReason(): SkipReason {
    return this.#end ? { kind: 'failure' } : this.#around.skipReason;
  }

  get comesAgain(): boolean {
    return this.#around.comesAgain || this.isToBeRetried;
  }

  /** Whether the group itself has another attempt at what went wrong. */
  get isToBeRetried(): boolean {
    return this.#end !== undefined && !this.#rule.isLast && !this.#around.signal.aborted;
  }

  fail(cause: Cause): void {
    this.#break({ kind: 'failed', cause }, cause);
  }

  /** Its time is up. */
  expire(afterMs: number): void {
    const end = { kind: 'timed-out', afterMs } as const;
    this.#break(end, { kind: 'group', group: this.#rule.group, end });
  }

  /** It cannot even begin. */
  refuse(detail: string): void {
    const end = { kind: 'refused', detail } as const;
    this.#break(end, { kind: 'group', group: this.#rule.group, end });
  }

  #break(end: GroupEnd, cause: Cause): void {
    if (this.#end) return;
    this.#end = end;
    if (this.#rule.isLast && !this.#rule.continueOnFail) this.#around.fail(cause);
    this.#over.abort();
  }
}
