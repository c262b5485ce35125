import { parseDuration } from '../base/duration.ts';
import { fail, ok } from '../base/result.ts';
import { fill } from './fill.ts';

import type { Result } from '../base/result.ts';
import type { Quantity } from '../plan/plan.ts';
import type { Variables } from './fill.ts';

/**
 * What a quantity comes to with these variables: milliseconds for a duration, which may have its unit in
 * it (`10s`). The failure ends a clause
 * like "its `timeout` …".
 */
export function fillQuantity(quantity: Quantity, variables: Variables): Result<number, string> {
  if (typeof quantity === 'number') return ok(quantity);
  const { value, missing, failure } = fill(quantity.text, variables);
  if (failure !== undefined) return fail(`cannot be worked out: ${failure}`);
  const [first] = missing;
  if (first !== undefined) return fail(`names the variable ${first}, which has no value`);
  if (quantity.unit === 'seconds') {
    const ms = parseDuration(value);
    return ms === undefined ? fail(`is to be a number, and is '${value}'`) : ok(ms);
  }
  if (/^\s*\d+\s*$/.test(value)) return ok(Number(value));
  const isNumber = value.trim() !== '' && Number(value) >= 0;
  return fail(`is to be a ${isNumber ? 'whole ' : ''}number, and is '${value}'`);
}
