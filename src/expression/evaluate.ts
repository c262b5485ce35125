import { fail, ok } from '../base/result.ts';
import { unreachable } from '../base/unreachable.ts';
import { callMethod } from './methods.ts';
import { finite, operate } from './operators.ts';
import {
  asNumber,
  bounded,
  isList,
  isMap,
  isTruthy,
  kindOf,
  maxWeight,
  numberOf,
  textOf,
  tooMuch,
} from './value.ts';

import type { Result } from '../base/result.ts';
import type { Expression, Value } from '../plan/expression.ts';

/** Where variables are asked for by their names. */
export interface Lookup {
  get(name: string): string | undefined;
}

/** How deep an expression may be nested. */
export const maxDepth = 500;

/**
 * What an expression comes to with these variables, and nothing else: it reaches no member that is not
 * data, and calls no method that is not in the list. It ends, and what it comes to is JSON-able and holds
 * 256 KB at most. The failure is a clause that says what cannot be worked out; no value stands in it.
 */
export const evaluate = (expression: Expression, variables: Lookup): Result<Value, string> =>
  worked(expression, variables, maxDepth);

function worked(expression: Expression, variables: Lookup, depth: number): Result<Value, string> {
  if (depth === 0) return fail('it is nested too deeply');
  const inner = (one: Expression): Result<Value, string> => worked(one, variables, depth - 1);
  switch (expression.kind) {
    case 'value':
      return bounded(expression.value);
    case 'variable': {
      const text = variables.get(expression.name) ?? null;
      return bounded(expression.isNumber && text !== null ? asNumber(text) : text);
    }
    case 'text':
      return joined(expression.parts, inner);
    case 'list': {
      const items = allOf(expression.items, inner);
      return items.ok ? bounded(items.value) : items;
    }
    case 'unary': {
      const operand = inner(expression.operand);
      if (!operand.ok) return operand;
      return expression.operator === '!' ? ok(!isTruthy(operand.value)) : negated(operand.value);
    }
    case 'binary':
      return binary(expression, inner);
    case 'choice': {
      const condition = inner(expression.condition);
      if (!condition.ok) return condition;
      return inner(isTruthy(condition.value) ? expression.then : expression.otherwise);
    }
    case 'member': {
      const of = inner(expression.of);
      if (!of.ok) return of;
      const key = inner(expression.key);
      return key.ok ? memberOf(of.value, key.value) : key;
    }
    case 'call': {
      const of = inner(expression.of);
      if (!of.ok) return of;
      if (of.value === null && expression.of.kind === 'variable')
        return fail(
          `\`${expression.method}\` is asked of ${expression.of.name}, which has no value`,
        );
      const given = allOf(expression.arguments, inner);
      return given.ok ? callMethod(of.value, expression.method, given.value) : given;
    }
    default:
      return unreachable(expression);
  }
}

type Inner = (expression: Expression) => Result<Value, string>;

function joined(parts: readonly Expression[], inner: Inner): Result<string, string> {
  let text = '';
  for (const part of parts) {
    const value = inner(part);
    if (!value.ok) return value;
    text += textOf(value.value);
    if (text.length > maxWeight) return tooMuch;
  }
  return ok(text);
}

function allOf(expressions: readonly Expression[], inner: Inner): Result<readonly Value[], string> {
  const values: Value[] = [];
  for (const expression of expressions) {
    const value = inner(expression);
    if (!value.ok) return value;
    values.push(value.value);
  }
  return ok(values);
}

function binary(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  inner: Inner,
): Result<Value, string> {
  const one = inner(left);
  if (!one.ok) return one;
  if (operator !== '&&' && operator !== '||') {
    const other = inner(right);
    return other.ok ? operate(operator, one.value, other.value) : other;
  }
  if (isTruthy(one.value) === (operator === '||')) return ok(operator === '||');
  const other = inner(right);
  return other.ok ? ok(isTruthy(other.value)) : other;
}

function negated(value: Value): Result<number, string> {
  const number = numberOf(value);
  return number === undefined
    ? fail(`\`-\` wants a number, and has ${kindOf(value)}`)
    : finite(-number);
}

/** What a list or a map does not hold is null, and so is whatever is asked of null. */
function memberOf(of: Value, key: Value): Result<Value, string> {
  if (of === null) return ok(null);
  if (isMap(of)) {
    const name = textOf(key);
    return ok(Object.hasOwn(of, name) ? of[name]! : null);
  }
  if (!isList(of)) return fail(`${kindOf(of)} has no members`);
  const index = numberOf(key);
  return index === undefined
    ? fail('a list has numbers for its items, no names')
    : ok(of[index] ?? null);
}
