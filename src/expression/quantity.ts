import { fail, ok } from '../base/result.ts';
import { fill } from './fill.ts';

import type { Result } from '../base/result.ts';
import type { Quantity } from '../plan/plan.ts';
import type { Variables } from './fill.ts';

/**
 * What a quantity comes to with these variables: milliseconds for a duration. The failure ends a clause
 * like "its `timeout` …".
 */
export function fillQuantity(quantity: Quantity, variables: Variables): Result<number, string> {
  if (typeof quantity === 'number') return ok(quantity);
  const { value, missing } = fill(quantity.text, variables);
  const [first] = missing;
  if (first !== undefined) return fail(`names the variable ${first}, which has no value`);
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number < 0)
    return fail(`is to be a number, and is '${value}'`);
  if (quantity.unit === 'seconds') return ok(number * 1_000);
  return Number.isInteger(number) ? ok(number) : fail(`is to be a whole number, and is '${value}'`);
}
