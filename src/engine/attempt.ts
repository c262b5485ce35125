import { failureKindOf } from './failure-kind.ts';

import type { Cause, GroupEnd, SkipReason } from '../event/outcome.ts';
import type { AnewAction, AskAction, Decision, Remedies, Remedy, Uses } from './remedies.ts';
import type { RunContext } from './run-context.ts';

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
  /** Tells it that something in it failed, and that the whole run has failed by that. */
  abort(cause: Cause): void;
  /** Asks it to begin anew, since something in it failed. Answers whether it does. */
  beginAnew(wish: AnewAction, cause: Cause): boolean;
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

  abort(cause: Cause): void {
    this.fail(cause);
  }

  /** A stage runs once. */
  beginAnew(): boolean {
    return false;
  }
}

/** What becomes of a group when an attempt fails. */
interface AttemptRule {
  readonly group: string;
  /** For as long as the group lives, all its attempts. */
  readonly remedies: Remedies;
  /** How often what stands in it had it begin anew. */
  readonly anew: Uses;
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
  #end: Broken | undefined;
  #remedy: Decision | AskAction = { kind: 'fail' };

  constructor(around: Surroundings, rule: AttemptRule) {
    this.#around = around;
    this.#rule = rule;
    this.signal = AbortSignal.any([around.signal, this.#over.signal]);
  }

  /** What went wrong in it first. */
  get end(): GroupEnd | undefined {
    return this.#end;
  }

  /** What is done about that. */
  get remedy(): Decision | AskAction {
    return this.#remedy;
  }

  get skipReason(): SkipReason {
    return this.#end ? { kind: 'failure' } : this.#around.skipReason;
  }

  get comesAgain(): boolean {
    return this.#around.comesAgain || this.isToBeRetried;
  }

  /** Whether the group itself has another attempt at what went wrong, or has one perhaps. */
  get isToBeRetried(): boolean {
    const { kind } = this.#remedy;
    return (kind === 'retry' || kind === 'ask') && !this.#around.signal.aborted;
  }

  fail(cause: Cause): void {
    this.#break({ kind: 'failed', cause });
  }

  abort(cause: Cause): void {
    this.#break({ kind: 'failed', cause }, { kind: 'abort' });
  }

  beginAnew(wish: AnewAction, cause: Cause): boolean {
    if (this.#end) return this.isToBeRetried;
    const delayMs = this.#around.signal.aborted ? undefined : this.#rule.anew.next(wish);
    if (delayMs === undefined) return false;
    this.#break({ kind: 'failed', cause }, { kind: 'retry', delayMs });
    return true;
  }

  /** Its time is up. */
  expire(afterMs: number): void {
    this.#break({ kind: 'timed-out', afterMs });
  }

  /** It cannot even begin. */
  refuse(detail: string): void {
    this.#break({ kind: 'refused', detail });
  }

  /** What a person said shall be done; nothing: nobody said so. */
  decide(said: Decision | undefined): void {
    if (!this.#end || this.#remedy.kind !== 'ask') return;
    const { remedies } = this.#rule;
    const isOver = this.#around.signal.aborted;
    const remedy = isOver ? remedies.atLast() : (said ?? remedies.resolve(this.#remedy.then));
    this.#mend(remedy, causeOf(this.#rule.group, this.#end));
  }

  #break(end: Broken, remedy?: Decision): void {
    if (this.#end) {
      if (remedy?.kind === 'abort') this.#around.abort(causeOf(this.#rule.group, end));
      return;
    }
    this.#end = end;
    const { remedies } = this.#rule;
    const isOver = this.#around.signal.aborted;
    const found = isOver ? remedies.atLast() : remedies.against(failureKindOf(end));
    this.#mend(remedy ?? found, causeOf(this.#rule.group, end));
    this.#over.abort();
  }

  #mend(remedy: Remedy, cause: Cause): void {
    const { remedies } = this.#rule;
    this.#remedy = remedies.settle(remedy, (wish) => this.#around.beginAnew(wish, cause));
    if (this.#remedy.kind === 'fail') this.#around.fail(cause);
    if (this.#remedy.kind === 'abort') this.#around.abort(cause);
  }
}

type Broken = Exclude<GroupEnd, { kind: 'cancelled' }>;

const causeOf = (group: string, end: Broken): Cause =>
  end.kind === 'failed' ? end.cause : { kind: 'group', group, end };
