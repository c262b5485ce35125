import { failureKindOf } from './failure-kind.ts';

import type { Cause, GroupEnd, SkipReason } from '../event/outcome.ts';
import type { FailureKind } from '../plan/failure-rules.ts';
import type { Course } from './course.ts';
import type { AnewAction, AskAction, Decision, Remedies, Remedy, Uses } from './remedies.ts';

/** What a node runs in: the run, or an attempt of the group that it stands in. */
export interface Surroundings {
  /**
   * Aborts when nothing that runs in it now is wanted any more. Another one takes its place when
   * something else may still begin in it.
   */
  readonly signal: AbortSignal;
  /** Aborts when nothing in it is wanted any more, whenever it begins. */
  readonly over: AbortSignal;
  /** How it has gone so far. Absent: a failure is the end of it. */
  readonly course: Course | undefined;
  /** Why what has not begun by the time that `over` aborts never will. */
  readonly skipReason: SkipReason;
  /** Whether it is over for now only: everything in it will be run once more. */
  readonly comesAgain: boolean;
  /** Tells it that something in it failed and that the pipeline has no excuse for that. */
  fail(cause: Cause): void;
  /** Tells it that something in it failed, and that the whole run has failed by that. */
  abort(cause: Cause): void;
  /** Asks it to begin anew, since something in it failed. Answers whether it does. */
  beginAnew(wish: AnewAction, cause: Cause): boolean;
  /** Whether it would. */
  wouldBeginAnew(wish: AnewAction): boolean;
  /** Whether a group around has a remedy for such a failure in it. */
  mends(kind: FailureKind | undefined): boolean;
}

/** What one of several members runs in that go on beside each other: whether the others fail is not before it. */
export class Branch implements Surroundings {
  readonly course: Course | undefined;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
    this.course = around.course?.beside();
  }

  get signal(): AbortSignal {
    return this.#around.signal;
  }

  get over(): AbortSignal {
    return this.#around.over;
  }

  get skipReason(): SkipReason {
    return this.#around.skipReason;
  }

  get comesAgain(): boolean {
    return this.#around.comesAgain;
  }

  fail(cause: Cause): void {
    this.course?.fail();
    this.#around.fail(cause);
  }

  abort(cause: Cause): void {
    this.#around.abort(cause);
  }

  beginAnew(wish: AnewAction, cause: Cause): boolean {
    return this.#around.beginAnew(wish, cause);
  }

  wouldBeginAnew(wish: AnewAction): boolean {
    return this.#around.wouldBeginAnew(wish);
  }

  mends(kind: FailureKind | undefined): boolean {
    return this.#around.mends(kind);
  }
}

/** What becomes of a group when an attempt fails. */
interface AttemptRule {
  readonly group: string;
  /** It is the group around that is meant by a wish to begin anew. */
  readonly passesOn: boolean;
  /** For as long as the group lives, all its attempts. */
  readonly remedies: Remedies;
  /** How often what stands in it had it begin anew. */
  readonly anew: Uses;
}

/**
 * One attempt of a group. The first thing that goes wrong decides how it ends, and ends everything
 * that runs in it, unless its stage fails in order; where nothing is left that could mend it, whatever
 * is around hears of it at once.
 */
export class GroupAttempt implements Surroundings {
  readonly course: Course | undefined;
  readonly over: AbortSignal;
  readonly #around: Surroundings;
  readonly #rule: AttemptRule;
  readonly #over = new AbortController();
  #signal: AbortSignal;
  /** The one of its surroundings that `#signal` goes by. */
  #outer: AbortSignal;
  #end: Broken | undefined;
  #remedy: Decision | AskAction = { kind: 'fail' };

  constructor(around: Surroundings, rule: AttemptRule) {
    this.#around = around;
    this.#rule = rule;
    this.course = around.course?.within();
    this.over = AbortSignal.any([around.over, this.#over.signal]);
    this.#outer = around.signal;
    this.#signal = AbortSignal.any([around.signal, this.#over.signal]);
  }

  get signal(): AbortSignal {
    const { signal } = this.#around;
    if (signal !== this.#outer) {
      this.#outer = signal;
      this.#signal = AbortSignal.any([signal, this.#over.signal]);
    }
    return this.#signal;
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
    // What fails in order goes on first.
    return this.#around.comesAgain || (this.isToBeRetried && this.#over.signal.aborted);
  }

  /** Whether the group itself has another attempt at what went wrong, or has one perhaps. */
  get isToBeRetried(): boolean {
    const { kind } = this.#remedy;
    return (kind === 'retry' || kind === 'ask') && !this.#around.signal.aborted;
  }

  fail(cause: Cause): void {
    this.course?.fail();
    this.#break({ kind: 'failed', cause });
    if (!this.course) this.#over.abort();
  }

  abort(cause: Cause): void {
    this.#break({ kind: 'failed', cause }, { kind: 'abort' });
    this.#over.abort();
  }

  wouldBeginAnew(wish: AnewAction): boolean {
    if (this.#end) return this.#beginsAnew;
    if (this.#rule.passesOn) return this.#around.wouldBeginAnew(wish);
    return !this.#around.signal.aborted && this.#rule.anew.isLeft(wish);
  }

  beginAnew(wish: AnewAction, cause: Cause): boolean {
    if (this.#end) return this.#beginsAnew;
    if (this.#rule.passesOn) {
      if (!this.#around.beginAnew(wish, cause)) return false;
      this.#break({ kind: 'failed', cause }, { kind: 'anew' });
      this.#over.abort();
      return true;
    }
    const delayMs = this.#around.signal.aborted ? undefined : this.#rule.anew.next(wish);
    if (delayMs === undefined) return false;
    this.#break({ kind: 'failed', cause }, { kind: 'retry', delayMs });
    this.#over.abort();
    return true;
  }

  mends(kind: FailureKind | undefined): boolean {
    // The first failure has decided about it.
    if (this.#end) return true;
    const wouldBeginAnew = (wish: AnewAction): boolean => this.#around.wouldBeginAnew(wish);
    const action = this.#rule.remedies.foreseen(kind, wouldBeginAnew);
    if (action === 'fail') return this.#around.mends(kind);
    return action !== 'abort';
  }

  /** All that runs in it has come to its end: whatever has not begun does not. */
  close(): void {
    this.#over.abort();
  }

  /** Its time is up. */
  expire(afterMs: number): void {
    this.#break({ kind: 'timed-out', afterMs });
    this.#over.abort();
  }

  /** It cannot even begin. */
  refuse(detail: string): void {
    this.#break({ kind: 'refused', detail });
    this.#over.abort();
  }

  /** What a person said shall be done; nothing: nobody said so. */
  decide(said: Decision | undefined): void {
    if (!this.#end || this.#remedy.kind !== 'ask') return;
    const { remedies } = this.#rule;
    const remedy = this.#isMoot ? moot : (said ?? remedies.resolve(this.#remedy.then));
    this.#mend(remedy, causeOf(this.#rule.group, this.#end));
  }

  /** Whether what runs in it will be run once more: in its own next attempt, or in one of a group around. */
  get #beginsAnew(): boolean {
    return this.isToBeRetried || this.#remedy.kind === 'anew';
  }

  /** Whether what it stands in has ended it already, so that nothing is done about its failure. */
  get #isMoot(): boolean {
    return this.#around.signal.aborted;
  }

  #break(end: Broken, remedy?: Decision): void {
    if (this.#end) {
      if (remedy?.kind === 'abort') this.#around.abort(causeOf(this.#rule.group, end));
      return;
    }
    this.#end = end;
    const { remedies } = this.#rule;
    const found = this.#isMoot ? moot : remedies.against(failureKindOf(end));
    this.#mend(remedy ?? found, causeOf(this.#rule.group, end));
  }

  #mend(remedy: Remedy, cause: Cause): void {
    const { remedies } = this.#rule;
    this.#remedy = remedies.settle(remedy, (wish) => this.#around.beginAnew(wish, cause));
    if (this.#remedy.kind === 'fail') this.#around.fail(cause);
    if (this.#remedy.kind === 'abort') this.#around.abort(cause);
  }
}

const moot: Decision = { kind: 'fail' };

type Broken = Exclude<GroupEnd, { kind: 'cancelled' }>;

const causeOf = (group: string, end: Broken): Cause =>
  end.kind === 'failed' ? end.cause : { kind: 'group', group, end };
