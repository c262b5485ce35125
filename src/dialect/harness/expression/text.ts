import { textOf } from '../../../expression/value.ts';
import { isKnown } from './fold.ts';
import { parseSource } from './parse.ts';
import { resolveParts, resolveSource } from './resolve.ts';
import { regionsOf } from './scan.ts';

import type { Expression } from '../../../plan/expression.ts';
import type { Text } from '../../../plan/plan.ts';
import type { Scope, Tell } from './scope.ts';

export { hasExpressions } from './scan.ts';
export type { Found, Scope, Shared, Tell } from './scope.ts';

/**
 * A text with what its expressions come to, those that wait for the run as holes. All but complete `<+…>` is
 * text as it is. What is wrong is told; something then stands in the place of it.
 */
export function toText(written: string, scope: Scope, tell: Tell): Text {
  const regions = regionsOf(written);
  if (regions.length === 0) return [written];
  const parts = resolveParts(written, regions, { scope, tell, trail: [] });
  return parts.map((part) => (isKnown(part) ? textOf(part.value) : { expression: part }));
}

/** A condition, or another value that is one expression: as it is, or in `<+…>`, or with such in it. */
export function toExpression(written: string, scope: Scope, tell: Tell): Expression {
  const whole = { at: 0, length: written.length };
  const regions = regionsOf(written);
  const source = parseSource({ source: written, inside: regions, begin: 0, isBare: true });
  return resolveSource(source, 0, whole, { scope, tell, trail: [] });
}

/** The whole text, when nothing of it waits for the run. */
export const known = (text: Text): string | undefined =>
  text.every((part) => typeof part === 'string') ? text.join('') : undefined;
