import { fail, ok } from '../base/result.ts';

import type { Result } from '../base/result.ts';
import type { Value } from '../plan/expression.ts';

/** How much a value may hold: about as many characters as it has when it is written out. */
export const maxWeight = 256 * 1_024;

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export const isMap = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as it stands in a text. */
export const textOf = (value: Value): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** Whether a value means yes. */
export const isTrue = (value: Value): boolean => value === true || value === 'true';

/** What a value is taken for where `true` or `false` is wanted: as JEXL takes it, all but a few mean yes. */
export const isTruthy = (value: Value): boolean =>
  !(value === null || value === false || value === 0 || value === '' || value === 'false');

const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** The number that a value is, or that it says; undefined when it is none. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && decimal.test(value) ? Number(value) : undefined;
}

/** A text as the number that it says, unless it would then be written otherwise: `1.10`. */
export function asNumber(text: string): number | string {
  const number = Number(text);
  return String(number) === text && Number.isFinite(number) ? number : text;
}

/** The value, unless it holds too much. */
export const bounded = <V extends Value>(value: V): Result<V, string> =>
  weightOf(value, maxWeight) > maxWeight ? tooMuch : ok(value);

/** What is said of every value that would hold too much. */
export const tooMuch = fail('it comes to more than 256 KB');

/** About how many characters a value has, or something above `atMost`: it is read no further than to there. */
export function weightOf(value: Value, atMost: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let weight = 2;
  for (const [key, item] of Object.entries(value)) {
    if (weight > atMost) break;
    weight += (isMap(value) ? key.length : 0) + 1 + weightOf(item, atMost - weight);
  }
  return weight;
}

/** How messages name what a value is. The value itself may be a secret, and half of one is not masked. */
export function kindOf(value: Value): string {
  if (value === null) return 'nothing';
  if (isList(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'string' ? 'a text' : 'a number';
}
