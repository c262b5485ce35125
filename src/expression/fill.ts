import { evaluate } from './evaluate.ts';
import { textOf } from './value.ts';

import type { Filling, Text } from '../plan/plan.ts';

/** The run's variables by name: what the caller's environment, `-e` and secrets give. */
export type Variables = ReadonlyMap<string, string>;

export interface Filled {
  readonly value: string;
  /** The variables that the run does not have; each stands as an empty string in `value`. */
  readonly missing: readonly string[];
}

/** Puts the run's variables into the holes of a text. Values are taken as they are, never filled again. */
export function fill(text: Text, variables: Variables): Filled {
  const missing: string[] = [];
  const value = text.map((part) => {
    if (typeof part === 'string') return part;
    if ('expression' in part) {
      const found = evaluate(part.expression, variables);
      if (!found.ok) missing.push(found.failure);
      return found.ok ? textOf(found.value) : '';
    }
    const found = variables.get(part.variable);
    if (found === undefined) missing.push(part.variable);
    return found ?? '';
  });
  return { value: value.join(''), missing };
}

/** A text that is filled, or its fallback when it names something missing. */
export function fillOrFallBack({ value, fallback }: Filling, variables: Variables): Filled {
  const own = fill(value, variables);
  return own.missing.length > 0 && fallback ? fill(fallback, variables) : own;
}
