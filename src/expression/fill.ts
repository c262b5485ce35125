import { evaluate } from './evaluate.ts';
import { textOf } from './value.ts';

import type { Filling, Text } from '../plan/plan.ts';
import type { Lookup } from './evaluate.ts';

/** The run's variables by name: what the caller's environment, `-e` and secrets give. */
export type Variables = ReadonlyMap<string, string>;

export interface Filled {
  readonly value: string;
  /** The variables that the run does not have; each stands as an empty string in `value`. */
  readonly missing: readonly string[];
  /** Those that its expressions asked for, where they are null. Absent: none. */
  readonly nulls?: readonly string[];
  /** A clause that says what about its expressions cannot be worked out, and stands empty. Absent: nothing. */
  readonly failure?: string;
}

/** Puts the run's variables into the holes of a text. Values are taken as they are, never filled again. */
export function fill(text: Text, variables: Variables): Filled {
  const missing: string[] = [];
  const nulls: string[] = [];
  const failures: string[] = [];
  const value = text.map((part) => {
    if (typeof part === 'string') return part;
    if ('expression' in part) {
      const found = evaluate(part.expression, noting(variables, nulls));
      if (!found.ok) failures.push(found.failure);
      return found.ok ? textOf(found.value) : '';
    }
    const found = variables.get(part.variable);
    if (found === undefined) missing.push(part.variable);
    return found ?? '';
  });
  const [failure] = failures;
  return {
    value: value.join(''),
    missing,
    ...(nulls.length > 0 && { nulls }),
    ...(failure !== undefined && { failure }),
  };
}

/** The variables, which note what was asked for and is not there. */
const noting = (variables: Variables, nulls: string[]): Lookup => ({
  get(name) {
    const found = variables.get(name);
    if (found === undefined) nulls.push(name);
    return found;
  },
});

/** A text that is filled, or its fallback when it names something missing. */
export function fillOrFallBack({ value, fallback }: Filling, variables: Variables): Filled {
  const own = fill(value, variables);
  return own.missing.length > 0 && fallback ? fill(fallback, variables) : own;
}
