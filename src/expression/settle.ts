import { fillQuantity } from './quantity.ts';

import type { Quantity, Retry, Where } from '../plan/plan.ts';
import type { Variables } from './fill.ts';
import type { Mistakes } from './mistakes.ts';

/** Whose quantities are settled, and what for. */
export interface Settling {
  /** "step 'api'". */
  readonly name: string;
  readonly variables: Variables;
  readonly mistakes: Mistakes;
}

const yearMs = 365 * 24 * 3_600_000;

/** A node with numbers for its quantities; those that come to none are told, and stay as they are. */
export function settle<N extends { readonly timeoutMs?: Quantity; readonly retry?: Retry }>(
  node: N,
  settling: Settling,
): N {
  const { timeoutMs, retry } = node;
  return {
    ...node,
    ...(timeoutMs !== undefined && {
      timeoutMs: settled(timeoutMs, 'its timeout', { least: 1, most: yearMs }, settling),
    }),
    ...(retry && { retry: settledRetry(retry, settling) }),
  };
}

const settledRetry = ({ attempts, backoffMs }: Retry, settling: Settling): Retry => ({
  attempts: settled(
    attempts,
    'the number of its attempts',
    { least: 1, most: Number.MAX_SAFE_INTEGER },
    settling,
  ),
  backoffMs: settled(
    backoffMs,
    'the pause between its attempts',
    { least: 0, most: yearMs },
    settling,
  ),
});

interface Bounds {
  readonly least: number;
  readonly most: number;
}

function settled(
  quantity: Quantity,
  what: string,
  { least, most }: Bounds,
  { name, variables, mistakes }: Settling,
): Quantity {
  // The dialect has looked at numbers that are written.
  if (typeof quantity === 'number') return quantity;
  const tell = (where: Where, problem: string): Quantity => {
    mistakes.tell({ where, message: `${name}: ${what} ${problem}` });
    return quantity;
  };
  const filled = fillQuantity(quantity, variables);
  if (!filled.ok) return tell(quantity.where, filled.failure);
  if (filled.value < least) return tell(quantity.where, `is to be above 0, and is not`);
  return filled.value > most
    ? tell(quantity.where, 'is to be a year at most, and is longer')
    : filled.value;
}
