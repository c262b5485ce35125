import { unreachable } from '../base/unreachable.ts';
import { asNumber } from './value.ts';

import type { Expression } from '../plan/expression.ts';
import type { Hole, Text } from '../plan/plan.ts';
import type { Variables } from './fill.ts';

/** A text with these variables in its holes. The holes of others stay. */
export function bindText(text: Text, known: Variables): Text {
  const bound: Text[number][] = [];
  for (const part of text) {
    const next = typeof part === 'string' ? part : bindHole(part, known);
    const last = bound.at(-1);
    if (typeof next === 'string' && typeof last === 'string') bound.splice(-1, 1, last + next);
    else if (next !== '') bound.push(next);
  }
  return bound;
}

const bindHole = (hole: Hole, known: Variables): Text[number] =>
  'expression' in hole
    ? { expression: bindExpression(hole.expression, known) }
    : (known.get(hole.variable) ?? hole);

/** An expression with these variables as values. Those of others stay. */
export function bindExpression(expression: Expression, known: Variables): Expression {
  const bind = (one: Expression): Expression => bindExpression(one, known);
  switch (expression.kind) {
    case 'value':
      return expression;
    case 'variable': {
      const value = known.get(expression.name);
      if (value === undefined) return expression;
      return { kind: 'value', value: expression.isNumber ? asNumber(value) : value };
    }
    case 'text':
      return { ...expression, parts: expression.parts.map(bind) };
    case 'list':
      return { ...expression, items: expression.items.map(bind) };
    case 'unary':
      return { ...expression, operand: bind(expression.operand) };
    case 'binary':
      return { ...expression, left: bind(expression.left), right: bind(expression.right) };
    case 'choice': {
      const { kind, condition, then, otherwise } = expression;
      return { kind, condition: bind(condition), then: bind(then), otherwise: bind(otherwise) };
    }
    case 'member':
      return { ...expression, of: bind(expression.of), key: bind(expression.key) };
    case 'call': {
      const { of, arguments: given } = expression;
      return { ...expression, of: bind(of), arguments: given.map(bind) };
    }
    default:
      return unreachable(expression);
  }
}

/** A part of a plan with these variables in the holes of all its texts, whatever they belong to. */
export function bind<T>(part: T, known: Variables): T {
  return known.size === 0 ? part : (bound(part, known) as T);
}

function bound(part: unknown, known: Variables): unknown {
  if (Array.isArray(part))
    return part.some(isHole)
      ? bindText(part as Text, known)
      : part.map((inner) => bound(inner, known));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      key === 'expression' ? bindExpression(value as Expression, known) : bound(value, known),
    ]),
  );
}

/** Only texts are lists of such. */
const isHole = (part: unknown): boolean =>
  typeof part === 'object' &&
  part !== null &&
  ('variable' in part || 'expression' in part) &&
  Object.keys(part).length === 1;
