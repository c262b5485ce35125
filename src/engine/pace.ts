import { fail, ok } from '../base/result.ts';
import { fillQuantity } from '../expression/quantity.ts';

import type { Result } from '../base/result.ts';
import type { Variables } from '../expression/fill.ts';
import type { FailureAction, FailureKind, FailureRule } from '../plan/failure-rules.ts';
import type { Group, Quantity, Retry, RunStep } from '../plan/plan.ts';

/** How long a step or group may take, and what is done when it fails, once the variables are known. */
export interface Pace {
  readonly rules: readonly FailureRule[];
  /** For each attempt. Absent: as long as it takes. */
  readonly timeoutMs?: number;
}

type Attempts = Pick<RunStep | Group, 'retry' | 'timeoutMs' | 'continueOnFail' | 'onFailure'>;

/** How often something is attempted. */
export interface FilledRetry {
  /** Counts the first one too. */
  readonly attempts: number;
  readonly backoffMs: number;
}

const once: FilledRetry = { attempts: 1, backoffMs: 0 };

/** The failure is a sentence that ends a clause like "step 'x' …". */
export function paceOf(asked: Attempts, variables: Variables): Result<Pace, string> {
  const retry = fillRetry(asked.retry, variables);
  if (!retry.ok) return retry;
  const rules = rulesOf(asked, retry.value);
  if (asked.timeoutMs === undefined) return ok({ rules });
  const timeoutMs = filled(asked.timeoutMs, 'its timeout', variables);
  return timeoutMs.ok ? ok({ rules, timeoutMs: timeoutMs.value }) : timeoutMs;
}

/** Absent, it is once. The failure is as of `paceOf`. */
export function fillRetry(
  retry: Retry | undefined,
  variables: Variables,
): Result<FilledRetry, string> {
  if (!retry) return ok(once);
  const attempts = filled(retry.attempts, 'the number of its attempts', variables);
  if (!attempts.ok) return attempts;
  const backoffMs = filled(retry.backoffMs, 'the pause between its attempts', variables);
  if (!backoffMs.ok) return backoffMs;
  return ok({ attempts: attempts.value, backoffMs: backoffMs.value });
}

function filled(quantity: Quantity, what: string, variables: Variables): Result<number, string> {
  const value = fillQuantity(quantity, variables);
  return value.ok ? value : fail(`cannot be attempted: ${what} ${value.failure}`);
}

/** What may go better the next time. A service that a step needs and that is gone does not come back. */
const passing: readonly FailureKind[] = [
  'timed-out',
  'image',
  'start',
  'exited',
  'rejected',
  'unanswered',
];

/** The rules for the failures of a step or group, in whichever way the plan has them. */
export function rulesOf(
  { onFailure, continueOnFail }: Attempts,
  { attempts, backoffMs }: FilledRetry = once,
): readonly FailureRule[] {
  if (onFailure) return onFailure;
  const last: FailureAction = { kind: continueOnFail === true ? 'ignore' : 'fail' };
  if (attempts <= 1) return [{ action: last }];
  const retry = { kind: 'retry', times: attempts - 1, delaysMs: [backoffMs], then: last } as const;
  return [{ on: passing, action: retry }, { action: last }];
}
