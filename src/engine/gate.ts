import { isAborted } from '../base/abort.ts';
import { Changes } from '../base/changes.ts';
import { nodesOf } from '../plan/order.ts';

import type { Clock } from '../base/clock.ts';
import type { Recorder } from '../event/event.ts';
import type { Cause } from '../event/outcome.ts';
import type { PauseEnd, PauseReason } from '../event/pause.ts';
import type { Node } from '../plan/plan.ts';

/** Where a run is to pause of itself. */
export interface Breaks {
  /** Before these, by their ids, each time they would begin. */
  readonly before: ReadonlySet<string>;
  /** At the first failure that the pipeline has no remedy for. */
  readonly onFailure: boolean;
  /** Before anything at all. */
  readonly atStart?: boolean;
}

/**
 *   open ──reached──▶ stepping ──somebody waits──▶ paused
 *    │ ▲                 ▲                         │ │
 *    │ ╰─────────────────┼────────resume (all, to)─╯ │
 *    ╰──pause, break, failure──▶ paused              │
 *                        ╰────────────resume (next)──╯
 */
type GateState =
  /** Everything may begin; with `until`, up to the end of this. */
  | { readonly kind: 'open'; readonly until?: string }
  /** One may begin and what is in it. Nobody is told of a pause before somebody has to wait. */
  | { readonly kind: 'stepping'; readonly one?: One }
  | { readonly kind: 'paused' };

interface One {
  readonly id: string;
  readonly all: ReadonlySet<string>;
  readonly isOver: boolean;
}

/**
 * What every node of a run passes before it begins. While the run is paused none does, failures are held
 * back, and no time passes for what only waits for what cannot begin.
 */
export class Gate {
  readonly #recorder: Pick<Recorder, 'event'>;
  readonly #breaks: Breaks;
  readonly #changes = new Changes();
  readonly #waiting = new Set<string>();
  readonly #over = new Set<string>();
  #state: GateState = { kind: 'open' };
  /** What follows from what failed in this pause. */
  #held: (() => void)[] = [];
  #isLeft = false;
  #hasFailed = false;

  constructor(recorder: Pick<Recorder, 'event'>, breaks: Breaks = noBreaks) {
    this.#recorder = recorder;
    this.#breaks = breaks;
  }

  get isPaused(): boolean {
    return this.#state.kind === 'paused';
  }

  /** Nothing begins from now on. Answers whether that holds: not once what is left of the run is its end. */
  pause(why: PauseReason): boolean {
    if (this.#isLeft) return false;
    if (this.isPaused) return true;
    this.#state = { kind: 'paused' };
    this.#recorder.event({ type: 'run.paused', why });
    this.#changes.tell();
    return true;
  }

  /** Lets the run go on. Answers whether there was anything to go on from. */
  resume(end: PauseEnd): boolean {
    if (this.#state.kind === 'open') return false;
    const { to } = end;
    if (to === 'next') this.#state = { kind: 'stepping' };
    else this.#state = { kind: 'open', ...(to !== 'all' && { until: to.step }) };
    this.#recorder.event({ type: 'run.resumed', ...end });
    this.#letGo();
    return true;
  }

  /** Nobody waits here any more: what is left of the run is its end. */
  leave(): void {
    this.#isLeft = true;
    this.#state = { kind: 'open' };
    this.#letGo();
  }

  /** Whether a node has to wait; `isHere`: it was held up here already, and no break holds it up again. */
  holdsUp(node: Node, isHere: boolean): boolean {
    if (this.#isLeft) return false;
    switch (this.#state.kind) {
      case 'paused':
        return true;
      case 'stepping':
        if (this.#state.one && !this.#state.one.all.has(node.id)) return true;
        return !isHere && this.#breaks.before.has(node.id);
      case 'open':
        return !isHere && this.#breaks.before.has(node.id);
      default:
        return this.#state satisfies never;
    }
  }

  /** Settles when it is worth asking again whether the node has to wait. */
  async wait(node: Node, isHere: boolean, signal: AbortSignal): Promise<void> {
    if (isAborted(signal) || !this.holdsUp(node, isHere)) return;
    const before = node.id;
    if (!this.#waitsForOne(before)) this.pause({ kind: 'break', before });
    this.#waiting.add(before);
    await this.#changes.until(() => !this.holdsUp(node, true), signal);
    this.#waiting.delete(before);
  }

  /** Whether a node has come to its end, and does not begin anew so far. */
  isOver(id: string): boolean {
    return this.#over.has(id);
  }

  /** A node begins that was not held up. */
  pass(node: Node): void {
    for (const id of idsOf(node)) this.#over.delete(id);
    if (this.#state.kind !== 'stepping' || this.#state.one) return;
    // What stands in a serial group is stepped through one by one.
    if (node.kind === 'group' && node.order === 'serial') return;
    const all = new Set(idsOf(node));
    this.#state = { kind: 'stepping', one: { id: node.id, all, isOver: false } };
  }

  /** A node has come to its end; a service has begun. */
  passed(node: Node): void {
    const ids = idsOf(node);
    for (const id of ids) this.#over.add(id);
    const state = this.#state;
    const isUntil = state.kind === 'open' && state.until !== undefined && ids.includes(state.until);
    const isOne = state.kind === 'stepping' && state.one?.id === node.id;
    if (isUntil || isOne) this.#close({ id: node.id, all: new Set(), isOver: true });
  }

  /** Settles when it is worth asking again whether the run is paused. */
  async opened(): Promise<void> {
    if (this.isPaused) await this.#changes.until(() => !this.isPaused, never);
  }

  /** Whether what follows from a failure has to wait. */
  get holdsFailures(): boolean {
    return this.isPaused || (this.#breaks.onFailure && !this.#hasFailed && !this.#isLeft);
  }

  /** Carries out what follows from a failure: at once, or when the run goes on. */
  fail(cause: Cause, follow: () => void): void {
    if (!this.holdsFailures) {
      follow();
      return;
    }
    const isNews = this.#held.length === 0;
    this.#held.push(follow);
    this.#hasFailed = true;
    if (!this.isPaused) this.pause({ kind: 'failure', cause });
    else if (isNews) this.#recorder.event({ type: 'run.paused', why: { kind: 'failure', cause } });
  }

  /**
   * Carries something out after so much time in which the run was not paused, at a moment when it is not,
   * unless `signal` aborts before that.
   */
  async expire(ms: number, clock: Clock, signal: AbortSignal, follow: () => void): Promise<void> {
    let left = ms;
    for (;;) {
      while (this.isPaused) await this.opened();
      if (isAborted(signal)) return;
      if (left <= 0) {
        follow();
        return;
      }
      const since = clock.now();
      const over = new AbortController();
      const asleep = clock.sleep(left, AbortSignal.any([signal, over.signal]));
      await Promise.race([asleep, this.#changes.until(() => this.isPaused, over.signal)]);
      over.abort();
      left -= clock.now() - since;
    }
  }

  /** Whether it is held up only while the one goes on that was let through. */
  #waitsForOne(id: string): boolean {
    if (this.#state.kind !== 'stepping' || !this.#state.one) return false;
    const { all, isOver } = this.#state.one;
    return !isOver && !all.has(id);
  }

  #close(one: One): void {
    this.#state = { kind: 'stepping', one };
    const [before] = this.#waiting;
    if (before !== undefined) this.pause({ kind: 'break', before });
  }

  #letGo(): void {
    const held = this.#held;
    this.#held = [];
    for (const follow of held) follow();
    this.#changes.tell();
  }
}

const noBreaks: Breaks = { before: new Set(), onFailure: false };

const never = new AbortController().signal;

/** A node and all that stands in it. */
const idsOf = (node: Node): readonly string[] =>
  node.kind === 'group' ? [node.id, ...[...nodesOf(node)].map(({ id }) => id)] : [node.id];
