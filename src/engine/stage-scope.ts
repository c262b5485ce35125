import { Course } from './course.ts';
import { isSameService } from './run-scope.ts';

import type { Cause, SkipReason } from '../event/outcome.ts';
import type { Stage } from '../plan/plan.ts';
import type { Surroundings } from './attempt.ts';
import type { RunScope } from './run-scope.ts';

/** What the outermost nodes of a stage run in: it knows how the stage goes, and who is to hear of that. */
export class StageScope implements Surroundings {
  readonly comesAgain = false;
  readonly course: Course | undefined;
  readonly #stage: Stage;
  readonly #run: RunScope;
  readonly #ended = new AbortController();
  readonly over: AbortSignal;
  /** Ends what runs now, where something else may still begin. */
  #wave = new AbortController();
  #signal: AbortSignal;
  #cause: Cause | undefined;
  #skipReason: SkipReason | undefined;
  #hasAborted = false;

  constructor(stage: Stage, run: RunScope) {
    this.#stage = stage;
    this.#run = run;
    this.course = stage.failing === 'in-order' ? Course.begin() : undefined;
    this.over = AbortSignal.any([run.signal, this.#ended.signal]);
    this.#signal = this.#nextSignal();
  }

  get signal(): AbortSignal {
    return this.#signal;
  }

  get skipReason(): SkipReason {
    return this.#skipReason ?? this.#run.skipReason;
  }

  /** What broke first in it. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  /** Whether its failure is excused by what the pipeline says of it. */
  get isExcused(): boolean {
    return this.#stage.continueOnFail === true && !this.#hasAborted;
  }

  /** A step or group failed. Where failures end the stage, that is its end. */
  fail(cause: Cause): void {
    const isFirst = !this.over.aborted;
    this.#take(cause);
    this.course?.fail();
    if (this.course) return;
    if (isFirst) this.#skipReason ??= { kind: 'failure' };
    this.#ended.abort();
  }

  abort(cause: Cause): void {
    this.#hasAborted = true;
    this.#skipReason ??= { kind: 'failure' };
    this.#cause ??= cause;
    this.#run.fail(cause);
    this.#ended.abort();
  }

  /** A stage runs once. */
  beginAnew(): boolean {
    return false;
  }

  wouldBeginAnew(): boolean {
    return false;
  }

  /** A stage has no remedies. */
  mends(): boolean {
    return false;
  }

  /** What the steps rely on is gone: those that run end. `wasWanted`: it went while it was still wanted. */
  break(cause: Cause, wasWanted: boolean): void {
    this.#take(cause, wasWanted);
    if (!this.course) {
      this.#skipReason ??= { kind: 'cancelled' };
      this.#ended.abort();
      return;
    }
    this.course.break();
    const broken = this.#wave;
    this.#wave = new AbortController();
    this.#signal = this.#nextSignal();
    broken.abort();
  }

  /** More is known by now of a service by which it broke: nothing more follows from that. */
  amend(cause: Cause, wasWanted: boolean): void {
    this.#take(cause, wasWanted);
  }

  /** Its time is up: everything in it ends. */
  expire(afterMs: number): void {
    if (this.over.aborted) return;
    this.#skipReason = { kind: 'failure' };
    this.#take({ kind: 'stage', stage: this.#stage.id, end: { kind: 'timed-out', afterMs } });
    this.#ended.abort();
  }

  #nextSignal(): AbortSignal {
    return AbortSignal.any([this.over, this.#wave.signal]);
  }

  #take(cause: Cause, wasWanted = !this.over.aborted): void {
    if (!wasWanted && !this.#cause) return;
    if (!this.#cause || isSameService(this.#cause, cause)) this.#cause = cause;
    this.#run.failStage(this.#stage, cause);
  }
}
