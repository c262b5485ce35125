import type { FailureAction, FailureKind, FailureRule } from '../plan/failure-rules.ts';

/** A wish that the group around begins anew. */
export type AnewAction = Extract<FailureAction, { kind: 'retry-group' }>;

/** A wish that a person decides. */
export type AskAction = Extract<FailureAction, { kind: 'ask' }>;

/** What is to be done about one failure. */
export type Remedy = Decision | AnewAction | AskAction;

/** What is done about one failure. */
export type Decision =
  | LastDecision
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** The group around begins anew, and knows of it. */
  | { readonly kind: 'anew' };

/** What nothing else follows from. */
export type LastDecision = Extract<
  FailureAction,
  { readonly kind: 'fail' | 'abort' | 'ignore' | 'succeed' }
>;

/** What becomes of the failures of one step or group: its rules, and how often each was made use of. */
export class Remedies {
  readonly #rules: readonly FailureRule[];
  readonly #used = new Uses();

  constructor(rules: readonly FailureRule[]) {
    this.#rules = rules;
  }

  /** What the rules say of a failure. */
  against(kind: FailureKind | undefined): Remedy {
    return this.resolve(this.#actionFor(kind));
  }

  /** Of which kind that will be, while nothing is done about it yet. */
  foreseen(
    kind: FailureKind | undefined,
    wouldBeginAnew: (wish: AnewAction) => boolean,
  ): FailureAction['kind'] {
    let action = this.#actionFor(kind);
    for (;;) {
      const isOfUse =
        action.kind === 'retry'
          ? this.#used.isLeft(action)
          : action.kind !== 'retry-group' || wouldBeginAnew(action);
      if (isOfUse || !('then' in action)) return action.kind;
      action = action.then;
    }
  }

  /** What an action comes to by now: a retry that is used up is followed by what comes then. */
  resolve(action: FailureAction): Remedy {
    if (action.kind !== 'retry') return action;
    const delayMs = this.#used.next(action);
    return delayMs === undefined ? this.resolve(action.then) : { kind: 'retry', delayMs };
  }

  /** What the rules say of what cannot even begin: nobody is asked, and once more is no use. */
  atLast(): LastDecision {
    let action = this.#actionFor('start');
    while ('then' in action) action = action.then;
    return action;
  }

  /** The same with what the group around says to a wish that it begins anew. */
  settle(remedy: Remedy, beginAnew: (wish: AnewAction) => boolean): Decision | AskAction {
    if (remedy.kind !== 'retry-group') return remedy;
    if (beginAnew(remedy)) return { kind: 'anew' };
    return this.settle(this.resolve(remedy.then), beginAnew);
  }

  #actionFor(kind: FailureKind | undefined): FailureAction {
    const rule = this.#rules.find(({ on }) => !on || (kind !== undefined && on.includes(kind)));
    return rule?.action ?? { kind: 'fail' };
  }
}

/** Counts how often something was done once more. */
export class Uses {
  readonly #counts = new Map<FailureAction, number>();

  /** Whether it can be done once more. */
  isLeft(action: Extract<FailureAction, { readonly times: number }>): boolean {
    return (this.#counts.get(action) ?? 0) < action.times;
  }

  /** How long to wait before it is done once more, or nothing when it is used up. */
  next(action: Extract<FailureAction, { readonly times: number }>): number | undefined {
    const used = this.#counts.get(action) ?? 0;
    if (used >= action.times) return undefined;
    this.#counts.set(action, used + 1);
    return action.delaysMs[used] ?? action.delaysMs.at(-1) ?? 0;
  }
}
