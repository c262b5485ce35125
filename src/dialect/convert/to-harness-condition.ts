import { unreachable } from '../../base/unreachable.ts';
import { splitPatterns } from '../../plan/patterns.ts';
import { isPlain } from './plain-text.ts';
import { harnessFilling, pathOf } from './harness-writer.ts';

import type { Condition, Filling, Text } from '../../plan/plan.ts';
import type { HarnessWriter } from './harness-writer.ts';
import type { Part } from './losses.ts';

/** A condition as an expression of Harness. */
export function toHarnessCondition(
  condition: Condition,
  part: Part,
  writer: HarnessWriter,
): string {
  const inside = (one: Condition): string => toHarnessCondition(one, part, writer);
  const value = (one: Filling): string => valueWords(one, part, writer);
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of
        .map((one) => inParentheses(inside(one)))
        .join(condition.kind === 'all' ? ' && ' : ' || ');
    case 'not':
      return negated(condition.condition, part, writer);
    case 'set':
      return `${value(condition.value)}.trim() != ""`;
    case 'among':
      return condition.values
        .map((one) => `${value(condition.value)} == ${value(one)}`)
        .join(' || ');
    case 'equal':
      return `${value(condition.value)} == ${value(condition.other)}`;
    case 'greater':
    case 'at-least':
      return ordered(condition, [value(condition.value), value(condition.other)], part, writer);
    case 'includes':
      return including(value(condition.value), value(condition.other));
    case 'starts-with':
      return `${value(condition.value)}.startsWith(${value(condition.other)})`;
    case 'ends-with':
      return `${value(condition.value)}.endsWith(${value(condition.other)})`;
    case 'matches':
      return matching(condition, part, writer);
    case 'true':
      return 'true';
    default:
      return unreachable(condition);
  }
}

function negated(condition: Condition, part: Part, writer: HarnessWriter): string {
  if (condition.kind === 'equal')
    return toHarnessCondition(condition, part, writer).replace(' == ', ' != ');
  return `!(${toHarnessCondition(condition, part, writer)})`;
}

const inParentheses = (text: string): string => (/ (&&|\|\|) /.test(text) ? `(${text})` : text);

/** Only nothing includes nothing. */
function including(value: string, other: string): string {
  if (other === '""') return `${value} == ""`;
  const found = `${value}.contains(${other})`;
  return /^"[^"]*"$/.test(other) ? found : `(${value} == ${other} || ${other} != "" && ${found})`;
}

const number = '-?\\d+(?:\\.\\d+)?';
const numberText = new RegExp(`^"(${number})"$`);

/** Whether what is put into a text is a number unless something else is given. */
const isNumber = (piece: Text[number], fallbacks: HarnessWriter['fallbacks']): boolean =>
  typeof piece === 'object' &&
  'variable' in piece &&
  numberText.test(JSON.stringify(fallbacks.get(piece.variable) ?? '0'));

/** Numbers are compared as such where both are, and else texts. Harness has to be told which. */
function ordered(
  { kind, value, other }: Extract<Condition, { readonly other: Filling }>,
  [left, right]: readonly [string, string],
  part: Part,
  { losses, fallbacks }: HarnessWriter,
): string {
  const sign = kind === 'greater' ? '>' : '>=';
  const unquoted = (text: string): string | undefined => numberText.exec(text)?.[1];
  const isOpen = ({ value: text }: Filling): boolean =>
    text.length === 1 && text.every((piece) => isNumber(piece, fallbacks));
  const [first, second] = [unquoted(left), unquoted(right)];
  if (second !== undefined && (first !== undefined || isOpen(value)))
    return `${left} ${sign} ${second}`;
  if (first !== undefined && isOpen(other)) return `${first} ${sign} ${right}`;
  if (!isPlain(value.value) || !isPlain(other.value))
    losses.tell(part, ['when'], 'two values are compared as texts, even where both are numbers');
  return `${left} ${sign} ${right}`;
}

function matching(
  { value, patterns }: Extract<Condition, { kind: 'matches' }>,
  part: Part,
  writer: HarnessWriter,
): string {
  const delimiter =
    patterns.delimiter && harnessFilling(patterns.delimiter, part, ['when'], writer);
  const text = harnessFilling(patterns.text, part, ['when'], writer);
  const of = valueWords(value, part, writer);
  return splitPatterns(text, delimiter)
    .map((pattern) => `${of}.matches(${JSON.stringify(pattern)})`)
    .join(' || ');
}

/** A value inside of an expression. */
function valueWords(filling: Filling, part: Part, writer: HarnessWriter): string {
  const [only] = filling.value;
  const isHole = filling.value.length === 1 && typeof only === 'object';
  if (isHole && 'variable' in only) {
    const fallback =
      filling.fallback && harnessFilling({ value: filling.fallback }, part, ['when'], writer);
    return `<+${pathOf(only.variable, part, ['when'], writer, fallback)}>`;
  }
  return partsOf(filling.value, part, writer);
}

/** A text in an expression, in which another one is to begin nowhere. */
const literal = (text: string): string => JSON.stringify(text).replaceAll('<+', '<" + "+');

function partsOf(text: Text, part: Part, writer: HarnessWriter): string {
  const parts = text.map((piece) =>
    typeof piece === 'string'
      ? literal(piece)
      : `<+${'variable' in piece ? pathOf(piece.variable, part, ['when'], writer) : ''}>`,
  );
  if (parts.length === 0) return '""';
  return parts.length === 1 && !parts[0]!.includes('<" + "+')
    ? parts[0]!
    : `(${parts.join(' + ')})`;
}
