import { unreachable } from '../../base/unreachable.ts';
import { child, members, textOf } from '../common/tree.ts';
import { isOperator } from './condition-keys.ts';
import { toText } from './text.ts';

import type { Condition, Filling } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { Operator } from './condition-keys.ts';

/** The condition that a well-formed `when` stands for. */
export function toCondition(when: Spot): Condition {
  const [first, ...more] = members(when).map(toOne);
  return first && more.length === 0 ? first : { kind: 'all', of: [first!, ...more] };
}

function toOne(spot: Spot): Condition {
  const operator = textOf(child(spot, 'operator'));
  if (!isOperator(operator)) throw new Error(`'${operator}' is no operator`);
  return toPlain(operator, spot);
}

function toPlain(operator: Operator, spot: Spot): Condition {
  const value = toFilling(spot, 'value', 'value-default');
  const two = (kind: Extract<Condition, { other: Filling }>['kind']): Condition => ({
    kind,
    value,
    other: toFilling(spot, 'other', 'other-default'),
  });
  const nested = (): readonly Condition[] => members(child(spot, 'conditions')).map(toOne);
  switch (operator) {
    case 'IS_SET':
      return { kind: 'set', value };
    case 'EQ':
      return two('equal');
    case 'GT':
      return two('greater');
    case 'GTE':
      return two('at-least');
    case 'INCLUDES':
      return two('includes');
    case 'STARTS_WITH':
      return two('starts-with');
    case 'ENDS_WITH':
      return two('ends-with');
    case 'EXISTS': {
      const values = members(child(spot, 'values'));
      return {
        kind: 'among',
        value,
        values: values.map((one) => toFilling(one, 'value', 'default')),
      };
    }
    case 'MATCHES':
      return { kind: 'matches', value, patterns: toPatterns(spot) };
    case 'AND':
      return { kind: 'all', of: nested() };
    case 'OR':
      return { kind: 'any', of: nested() };
    case 'IS_NOT_SET':
    case 'NEQ':
    case 'LT':
    case 'LTE':
    case 'NOT_INCLUDES':
    case 'NOT_EXISTS':
    case 'NOT_MATCHES':
      return { kind: 'not', condition: toPlain(opposites[operator], spot) };
    default:
      return unreachable(operator);
  }
}

/** Texts are in an order in which of two that differ one is greater. */
const opposites = {
  IS_NOT_SET: 'IS_SET',
  NEQ: 'EQ',
  LT: 'GTE',
  LTE: 'GT',
  NOT_INCLUDES: 'INCLUDES',
  NOT_EXISTS: 'EXISTS',
  NOT_MATCHES: 'MATCHES',
} as const satisfies Partial<Record<Operator, Operator>>;

const toPatterns = (spot: Spot): Extract<Condition, { kind: 'matches' }>['patterns'] => ({
  text: { value: toText(textOf(child(spot, 'expressions')) ?? '') },
  delimiter: { value: toText(textOf(child(spot, 'delimiter')) ?? ',') },
});

/** A default stands in for a value that is not there, as for one that names a missing variable. */
function toFilling(spot: Spot, key: string, fallbackKey: string): Filling {
  const value = textOf(child(spot, key));
  const fallback = textOf(child(spot, fallbackKey));
  if (value === undefined) return { value: toText(fallback ?? '') };
  return { value: toText(value), ...(fallback !== undefined && { fallback: toText(fallback) }) };
}
