import { ok } from '../../../base/result.ts';
import { unreachable } from '../../../base/unreachable.ts';
import { evaluate } from '../../../expression/evaluate.ts';
import { isTruthy, maxWeight, weightOf } from '../../../expression/value.ts';

import type { Result } from '../../../base/result.ts';
import type { Expression } from '../../../plan/expression.ts';

type Known = Extract<Expression, { kind: 'value' }>;

/** What stands for an expression that is none, and for whatever that is a part of. Why is told. */
export const broken: Known = { kind: 'value', value: null };

export const isKnown = (expression: Expression): expression is Known => expression.kind === 'value';

/**
 * The value of an expression whose parts are known, or what is left of it when some are not. Its parts are
 * folded themselves. The failure is that of working it out.
 */
export function fold(expression: Expression): Result<Expression, string> {
  if (partsOf(expression).includes(broken)) return ok(broken);
  if (expression.kind === 'choice' && isKnown(expression.condition))
    return ok(isTruthy(expression.condition.value) ? expression.then : expression.otherwise);
  const needsRight = !isDecided(expression);
  if (needsRight && !partsOf(expression).every(isKnown)) return ok(expression);
  const value = evaluate(expression, new Map());
  return value.ok ? ok({ kind: 'value', value: value.value }) : value;
}

/** Whether the left side of `&&` or `||` says it all. */
const isDecided = (expression: Expression): boolean =>
  expression.kind === 'binary' &&
  (expression.operator === '&&' || expression.operator === '||') &&
  isKnown(expression.left) &&
  isTruthy(expression.left.value) === (expression.operator === '||');

const none: readonly Expression[] = [];

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'value':
      return none;
    case 'variable':
      // A variable is never known here.
      return [expression];
    case 'text':
      return expression.parts;
    case 'list':
      return expression.items;
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'choice':
      return [expression.condition, expression.then, expression.otherwise];
    case 'member':
      return [expression.of, expression.key];
    case 'call':
      return [expression.of, ...expression.arguments];
    default:
      return unreachable(expression);
  }
}

const weights = new WeakMap<Expression, number>();

/** Whether an expression is no larger than a value may be. */
export const isBounded = (expression: Expression): boolean => weigh(expression) <= maxWeight;

function weigh(expression: Expression): number {
  if (expression.kind === 'value') return weightOf(expression.value, maxWeight);
  if (expression.kind === 'variable') return 32;
  const before = weights.get(expression);
  if (before !== undefined) return before;
  const parts = partsOf(expression);
  const weight = parts.reduce((sum, part) => sum + weigh(part), 32);
  // To remember takes longer than to weigh it again, but for what is made of others that are made of others.
  if (parts.some(({ kind }) => kind !== 'value' && kind !== 'variable'))
    weights.set(expression, weight);
  return weight;
}
