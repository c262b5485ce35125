import { fail, ok } from '../base/result.ts';
import { kindOf, numberOf, textOf } from './value.ts';

import type { Result } from '../base/result.ts';
import type { Value } from '../plan/expression.ts';

type Taken = 'text' | 'whole' | 'any';

/** A method of one kind of value: what it takes, how many of these may be left away, and what it comes to. */
export interface Method<T> {
  readonly takes: readonly Taken[];
  readonly optional?: number;
  readonly run: (of: T, given: Arguments) => Result<Value, string>;
}

/** A table of methods. A `Map`, since every object has more members than its own. */
export type Methods<T> = ReadonlyMap<string, Method<T>>;

/** What a method was given, known to be what it takes. */
export class Arguments {
  readonly #values: readonly Value[];

  constructor(values: readonly Value[]) {
    this.#values = values;
  }

  text(at: number): string {
    return textOf(this.any(at));
  }

  whole(at: number): number | undefined {
    return numberOf(this.any(at)) ?? undefined;
  }

  any(at: number): Value {
    return this.#values[at] ?? null;
  }
}

/** Calls a method with what it takes, or says what it takes. */
export function call<T>(
  name: string,
  { takes, optional = 0, run }: Method<T>,
  of: T,
  values: readonly Value[],
): Result<Value, string> {
  const least = takes.length - optional;
  if (values.length < least || values.length > takes.length)
    return fail(`\`${name}\` takes ${counted(least, takes.length)}, and has ${values.length}`);
  for (const [at, value] of values.entries()) {
    const wanted = takes[at]!;
    if (wanted === 'text' && (value === null || typeof value === 'object'))
      return fail(`\`${name}\` wants a text, and has ${kindOf(value)}`);
    if (wanted === 'whole' && !Number.isInteger(numberOf(value)))
      return fail(`\`${name}\` wants a whole number, and has ${kindOf(value)}`);
  }
  return run(of, new Arguments(values));
}

function counted(least: number, most: number): string {
  if (most === 0) return 'no arguments';
  if (least === most) return `${most} argument${most === 1 ? '' : 's'}`;
  return `${least} to ${most} arguments`;
}

/** A method that takes nothing and cannot go wrong. */
export const plain = <T>(run: (of: T) => Value): Method<T> => ({
  takes: [],
  run: (of) => ok(run(of)),
});
