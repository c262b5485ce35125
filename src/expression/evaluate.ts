import { fail, ok } from '../base/result.ts';

import type { Result } from '../base/result.ts';
import type { Expression, Value } from '../plan/expression.ts';
import type { Variables } from './fill.ts';

/** What an expression comes to with these variables. The failure is a clause that says what cannot be worked out. */
export function evaluate(expression: Expression, variables: Variables): Result<Value, string> {
  switch (expression.kind) {
    case 'value':
      return ok(expression.value);
    case 'variable':
      return ok(variables.get(expression.name) ?? null);
    default:
      return fail(`${expression.kind} cannot be worked out`);
  }
}

/** A value as it stands in a text. */
export const textOf = (value: Value): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** Whether a value means yes. */
export const isTrue = (value: Value): boolean => value === true || value === 'true';
