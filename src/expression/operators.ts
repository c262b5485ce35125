import { isDeepStrictEqual } from 'node:util';

import { fail, ok } from '../base/result.ts';
import { unreachable } from '../base/unreachable.ts';
import { matchesWhole } from './linear-pattern.ts';
import { bounded, isList, isMap, kindOf, numberOf, textOf } from './value.ts';

import type { Result } from '../base/result.ts';
import type { BinaryOperator, Value } from '../plan/expression.ts';

type Arithmetic = '-' | '*' | '/' | '%';
type Ordering = '<' | '<=' | '>' | '>=';

/** What an operator makes of two values, both known. `&&` and `||` may need one only, and are not here. */
export function operate(
  operator: Exclude<BinaryOperator, '&&' | '||'>,
  left: Value,
  right: Value,
): Result<Value, string> {
  switch (operator) {
    case '==':
      return ok(areEqual(left, right));
    case '!=':
      return ok(!areEqual(left, right));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return order(operator, left, right);
    case '+':
      return add(left, right);
    case '-':
    case '*':
    case '/':
    case '%':
      return calculate(operator, left, right);
    case '=~':
      return isMatch(left, right);
    case '!~': {
      const match = isMatch(left, right);
      return match.ok ? ok(!match.value) : match;
    }
    default:
      return unreachable(operator);
  }
}

/** A number equals the text that says it, and `true` the text `true`; nothing else is equal across kinds. */
export function areEqual(left: Value, right: Value): boolean {
  if (typeof left === typeof right) return isDeepStrictEqual(left, right);
  if (left === null || right === null) return false;
  if (typeof left === 'object' || typeof right === 'object') return false;
  if (typeof left === 'number' || typeof right === 'number') {
    const [one, other] = [numberOf(left), numberOf(right)];
    return one !== undefined && one === other;
  }
  return textOf(left) === textOf(right);
}

/** Two texts stand in the order of their characters, even when they say numbers. Nothing is before nothing. */
function order(operator: Ordering, left: Value, right: Value): Result<boolean, string> {
  if (left === null || right === null)
    return ok(left === right && (operator === '<=' || operator === '>='));
  if (typeof left === 'string' && typeof right === 'string')
    return ok(isInOrder(operator, left < right ? -1 : left > right ? 1 : 0));
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one === undefined || other === undefined)
    return fail(`\`${operator}\` cannot compare ${described(left)} and ${described(right)}`);
  return ok(isInOrder(operator, one - other));
}

function isInOrder(operator: Ordering, difference: number): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    default:
      return unreachable(operator);
  }
}

/** A text and anything are put together; all else is a sum. */
function add(left: Value, right: Value): Result<Value, string> {
  if (typeof left === 'string' || typeof right === 'string')
    return bounded(textOf(left) + textOf(right));
  const [one, other] = [numberOf(left), numberOf(right)];
  return one === undefined || other === undefined
    ? fail(`\`+\` cannot add ${described(left)} and ${described(right)}`)
    : finite(one + other);
}

function calculate(operator: Arithmetic, left: Value, right: Value): Result<number, string> {
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one === undefined || other === undefined)
    return fail(
      `\`${operator}\` wants numbers, and has ${described(left)} and ${described(right)}`,
    );
  if (operator === '-') return finite(one - other);
  if (operator === '*') return finite(one * other);
  if (other === 0) return fail(`\`${operator}\` divides by zero`);
  if (operator === '%') return finite(one % other);
  // Whole numbers stay whole when Java divides them.
  const isWhole = Number.isInteger(one) && Number.isInteger(other);
  return finite(isWhole ? Math.trunc(one / other) : one / other);
}

/** The number, unless there is no such one. Without `-0`, which JSON does not know. */
export const finite = (number: number): Result<number, string> =>
  Number.isFinite(number) ? ok(number === 0 ? 0 : number) : fail('it is too large a number');

/** Whether a regular expression matches all of a text; or a list or the keys of a map hold the value. */
function isMatch(left: Value, right: Value): Result<boolean, string> {
  if (isList(right)) return ok(right.some((item) => areEqual(item, left)));
  if (isMap(right)) return ok(Object.hasOwn(right, textOf(left)));
  if (left === null || right === null) return ok(left === right);
  return matchesWhole(textOf(right), textOf(left));
}

const described = (value: Value): string =>
  typeof value === 'string' ? 'a text that is no number' : kindOf(value);
