import { textOf } from '../../../expression/value.ts';

import type { Value } from '../../../plan/expression.ts';
import type { Found, Scope } from './scope.ts';

export type Path = readonly (string | number)[];

/** What a path leads to, and how many of its segments that took: what is left are members of it. */
export interface LookedUp {
  readonly found: Found;
  readonly length: number;
}

/** What the path leads to; or, when its end is the number of an item, what it leads to without that. */
export function lookUp(path: Path, scope: Scope): LookedUp {
  const found = scope.lookup(path);
  if (found.kind !== 'unknown' || typeof path.at(-1) !== 'number')
    return { found, length: path.length };
  const shorter = lookUp(path.slice(0, -1), scope);
  return shorter.found.kind === 'unknown' ? { found, length: path.length } : shorter;
}

/** A value as a segment of a path. */
export const toSegment = (value: Value): string | number =>
  typeof value === 'number' ? value : textOf(value);
