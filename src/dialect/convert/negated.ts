import type { Written } from './write-yaml.ts';

/** A condition in the words of CIX. */
export interface CixCondition {
  readonly [key: string]: Written;
  readonly operator: string;
}

const opposites: Readonly<Record<string, string>> = {
  ...{ EQ: 'NEQ', NEQ: 'EQ', GT: 'LTE', LTE: 'GT', LT: 'GTE', GTE: 'LT' },
  ...{
    INCLUDES: 'NOT_INCLUDES',
    IS_SET: 'IS_NOT_SET',
    IS_NOT_SET: 'IS_SET',
    MATCHES: 'NOT_MATCHES',
  },
};

/** What holds when not all of these do; nothing where CIX has no word for the opposite. */
export function negated(conditions: readonly CixCondition[]): readonly CixCondition[] | undefined {
  const turned = conditions.map(opposite);
  if (!turned.every((one) => one !== undefined)) return undefined;
  return turned.length === 1 ? turned : [{ operator: 'OR', conditions: turned }];
}

function opposite(condition: CixCondition): CixCondition | undefined {
  const { operator } = condition;
  if (operator === 'AND' || operator === 'OR') {
    const inside = (condition['conditions'] as readonly CixCondition[]).map(opposite);
    return inside.every((one) => one !== undefined)
      ? { operator: operator === 'AND' ? 'OR' : 'AND', conditions: inside }
      : undefined;
  }
  const other =
    opposites[operator] ?? Object.keys(opposites).find((one) => opposites[one] === operator);
  return other === undefined ? undefined : { ...condition, operator: other };
}
