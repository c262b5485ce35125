import { fail, ok } from '../base/result.ts';
import { fillQuantity } from '../expression/quantity.ts';

import type { Result } from '../base/result.ts';
import type { Variables } from '../expression/fill.ts';
import type { Group, Quantity, RunStep } from '../plan/plan.ts';

/** How often and how long a step or group is attempted, once the variables are known. */
export interface Pace {
  /** Counts the first one too. */
  readonly attempts: number;
  readonly backoffMs: number;
  /** For each attempt. Absent: as long as it takes. */
  readonly timeoutMs?: number;
}

/** The failure is a sentence that ends a clause like "step 'x' …". */
export function paceOf(
  { retry, timeoutMs }: Pick<RunStep | Group, 'retry' | 'timeoutMs'>,
  variables: Variables,
): Result<Pace, string> {
  const pace: { -readonly [K in keyof Pace]: Pace[K] } = { attempts: 1, backoffMs: 0 };
  const asked: readonly [keyof Pace, Quantity | undefined, string][] = [
    ['attempts', retry?.attempts, 'the number of its attempts'],
    ['backoffMs', retry?.backoffMs, 'the pause between its attempts'],
    ['timeoutMs', timeoutMs, 'its timeout'],
  ];
  for (const [key, quantity, what] of asked) {
    if (quantity === undefined) continue;
    const filled = fillQuantity(quantity, variables);
    if (!filled.ok) return fail(`cannot be attempted: ${what} ${filled.failure}`);
    pace[key] = filled.value;
  }
  return ok(pace);
}
