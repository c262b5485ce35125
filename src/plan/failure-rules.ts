/** What is done about a failure of a step or a group. Of several rules, the first that is for it counts. */
export interface FailureRule {
  /** Absent: it is for every failure. */
  readonly on?: readonly FailureKind[];
  readonly action: FailureAction;
}

/**
 * Its time was over; its image could not be had; it could not start; its command ended with another code
 * than 0; a person said no; no person answered in time; a service that it needs is not there.
 */
export type FailureKind =
  'timed-out' | 'image' | 'start' | 'exited' | 'rejected' | 'unanswered' | 'needs';

export type FailureAction =
  /** It has failed, and what stands around it hears of it. */
  | { readonly kind: 'fail' }
  /** The whole run has failed; nothing runs after it any more, whatever it said of failures. */
  | { readonly kind: 'abort' }
  /** The run goes on; its outcome is `ignored`. */
  | { readonly kind: 'ignore' }
  /** It counts as succeeded. */
  | { readonly kind: 'succeed' }
  /** Once more, `times` at most, the n-th after the n-th delay or the last one there is; then `then`. */
  | {
      readonly kind: 'retry';
      readonly times: number;
      readonly delaysMs: readonly number[];
      readonly then: FailureAction;
    }
  /** The nearest group around that is no `anew: around` begins anew, `times` at most; then `then`. */
  | {
      readonly kind: 'retry-group';
      readonly times: number;
      readonly delaysMs: readonly number[];
      readonly then: FailureAction;
    }
  /** A person is asked which of `fail`, `ignore`, `succeed`, `abort` and once more it shall be. */
  | { readonly kind: 'ask'; readonly timeoutMs: number; readonly then: FailureAction };
