import { negated } from './negated.ts';
import { cixText } from './cix-writer.ts';

import type { Expression } from '../../plan/expression.ts';
import type { Text } from '../../plan/plan.ts';
import type { CixWriter } from './cix-writer.ts';
import type { CixCondition } from './negated.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

const comparisons: Readonly<Record<string, string>> = {
  '==': 'EQ',
  '!=': 'NEQ',
  '>': 'GT',
  '>=': 'GTE',
  '<': 'LT',
  '<=': 'LTE',
};

const methods: Readonly<Record<string, string>> = {
  equals: 'EQ',
  contains: 'INCLUDES',
  startsWith: 'STARTS_WITH',
  endsWith: 'ENDS_WITH',
};

/** The conditions that say the same as an expression; nothing when CIX cannot say it. */
export function toCixConditions(
  expression: Expression,
  part: Part,
  writer: CixWriter,
): readonly CixCondition[] | undefined {
  const value = (key: 'value' | 'other', one: Expression) => valueWords(key, one, part, writer);
  const two = (
    operator: string,
    left: Expression,
    right: Expression,
  ): readonly CixCondition[] | undefined => {
    const words = [value('value', left), value('other', right)] as const;
    return words[0] && words[1] && [{ operator, ...words[0], ...words[1] }];
  };
  const inside = (one: Expression) => toCixConditions(one, part, writer);
  switch (expression.kind) {
    case 'value':
      return expression.value === true
        ? []
        : [{ operator: 'EQ', value: JSON.stringify(expression.value), other: 'true' }];
    case 'binary': {
      const { operator, left, right } = expression;
      const isSet = trimmedOf(expression);
      if (isSet) {
        const words = value('value', isSet.of);
        return words && [{ operator: isSet.operator, ...words }];
      }
      const comparison = comparisons[operator];
      if (comparison !== undefined) return two(comparison, left, right);
      const [one, other] = [inside(left), inside(right)];
      if (!one || !other) return undefined;
      if (operator === '&&') return [...one, ...other];
      return operator === '||'
        ? [{ operator: 'OR', conditions: [asOne(one), asOne(other)] }]
        : undefined;
    }
    case 'unary': {
      const of = expression.operator === '!' ? inside(expression.operand) : undefined;
      return of && negated(of);
    }
    case 'call': {
      const { of, method, arguments: given } = expression;
      const [first] = given;
      const operator = methods[method];
      if (operator !== undefined && first) return two(operator, of, first);
      const words = value('value', of);
      if (!words) return undefined;
      if (method === 'isEmpty') return [{ operator: 'EQ', ...words, other: '' }];
      if (method === 'isBlank') return [{ operator: 'IS_NOT_SET', ...words }];
      const pattern = first?.kind === 'value' ? first.value : undefined;
      if (method !== 'matches' || typeof pattern !== 'string') return undefined;
      // Nothing parts a pattern that is one.
      return [
        {
          operator: 'MATCHES',
          ...words,
          expressions: pattern,
          ...(pattern.includes(',') && { delimiter: '\n' }),
        },
      ];
    }
    default:
      return undefined;
  }
}

/** `x.trim() != ""`, and the opposite. */
function trimmedOf({
  operator,
  left,
  right,
}: Extract<Expression, { kind: 'binary' }>):
  { readonly of: Expression; readonly operator: string } | undefined {
  const isNothing = right.kind === 'value' && right.value === '';
  if (left.kind !== 'call' || left.method !== 'trim' || !isNothing) return undefined;
  if (operator !== '!=' && operator !== '==') return undefined;
  return { of: left.of, operator: operator === '!=' ? 'IS_SET' : 'IS_NOT_SET' };
}

const asOne = (conditions: readonly CixCondition[]): CixCondition =>
  conditions.length === 1 ? conditions[0]! : { operator: 'AND', conditions };

function valueWords(
  key: 'value' | 'other',
  expression: Expression,
  part: Part,
  writer: CixWriter,
): { readonly [key: string]: Written } | undefined {
  const text = textOf(expression);
  if (!text) return undefined;
  const [only] = text;
  const name =
    text.length === 1 && typeof only === 'object' && 'variable' in only ? only.variable : undefined;
  const words = cixText(text, part, ['when.condition', 'when'], writer);
  if (text.every((piece) => typeof piece === 'string')) return { [key]: words };
  return { [key]: words, [`${key}-default`]: writer.fallbacks.get(name ?? '') ?? '' };
}

/** Texts that are put together; numbers would be added. */
function joined({ left, right }: Extract<Expression, { kind: 'binary' }>): Text | undefined {
  const [one, other] = [textOf(left), textOf(right)];
  const isText = [one, other].some((text) =>
    text?.some((piece) => typeof piece === 'string' && Number.isNaN(Number(piece))),
  );
  return one && other && isText ? [...one, ...other] : undefined;
}

function textOf(expression: Expression): Text | undefined {
  if (expression.kind === 'binary' && expression.operator === '+') return joined(expression);
  if (expression.kind === 'value')
    return typeof expression.value === 'object' ? undefined : [String(expression.value)];
  if (expression.kind === 'variable')
    return expression.name.includes(':') ? undefined : [{ variable: expression.name }];
  if (expression.kind !== 'text') return undefined;
  const parts = expression.parts.map(textOf);
  return parts.every((one) => one !== undefined) ? parts.flat() : undefined;
}
