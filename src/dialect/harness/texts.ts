import { child, members, textOf, valueSpan } from '../common/tree.ts';
import { hasExpressions, toExpression, toText } from './expression/text.ts';
import { scopeOf, tellAt } from './scope.ts';

import type { Expression } from '../../plan/expression.ts';
import type { Text } from '../../plan/plan.ts';
import type { Span } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

/** What to underline for a value. */
export const toSpan = (spot: Spot): Span => spot.alias ?? valueSpan(spot);

/** The text that stands at `spot`, worked out as far as it is known; empty for nothing. */
export function textAt(spot: Spot | undefined, place: Place): Text {
  const written = textOf(spot);
  if (!spot || written === undefined) return [];
  if (!hasExpressions(written)) return written === '' ? [] : [written];
  return tidy(toText(written, scopeOf(place, spot), tellAt(spot, place)));
}

/**
 * The same text in as few parts as can be. A secret is a plain hole, so that it is missed when it is not
 * there; what the run itself learns may be nothing.
 */
export function tidy(text: Text): Text {
  const parts: Text[number][] = [];
  for (const part of text) {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else if (typeof part === 'string' || 'variable' in part) parts.push(part);
    else parts.push(asHole(part.expression));
  }
  return parts.filter((part) => part !== '');
}

const asHole = (expression: Expression): Text[number] =>
  expression.kind === 'variable' && !expression.name.includes(':')
    ? { variable: expression.name }
    : { expression };

/** The expression of a condition. */
export const expressionAt = (spot: Spot, place: Place): Expression =>
  toExpression(textOf(spot) ?? '', scopeOf(place, spot), tellAt(spot, place));

/** The texts of a list, or of a single one. */
export const textsAt = (spot: Spot | undefined, place: Place): readonly Text[] =>
  (spot?.tree.kind === 'list' ? members(spot) : spot && textOf(spot) ? [spot] : []).map((one) =>
    textAt(one, place),
  );

/** A text that is not there when it is empty. */
export function filledText(spot: Spot | undefined): string | undefined {
  const text = textOf(spot);
  return text === undefined || text.trim() === '' ? undefined : text;
}

export const filledAt = (spot: Spot, key: string): string | undefined =>
  filledText(child(spot, key));
