import { ok } from '../base/result.ts';
import { unreachable } from '../base/unreachable.ts';
import { splitPatterns } from '../plan/patterns.ts';
import { evaluate } from './evaluate.ts';
import { fillOrFallBack } from './fill.ts';
import { compileWhole } from './patterns.ts';
import { isTrue } from './value.ts';

import type { Result } from '../base/result.ts';
import type { Condition, Filling } from '../plan/plan.ts';
import type { Variables } from './fill.ts';

/**
 * Whether a condition holds with these variables. It is read from the front, and no further than up to
 * where that is known. The failure is a clause that names an expression that is none, or says what about one
 * cannot be worked out.
 */
export function holds(condition: Condition, variables: Variables): Result<boolean, string> {
  switch (condition.kind) {
    case 'all':
      return first(condition.of, false, variables);
    case 'any':
      return first(condition.of, true, variables);
    case 'not': {
      const held = holds(condition.condition, variables);
      return held.ok ? ok(!held.value) : held;
    }
    case 'set':
      return ok(textOf(condition.value, variables).trim() !== '');
    case 'among': {
      const value = textOf(condition.value, variables);
      return ok(condition.values.some((one) => textOf(one, variables) === value));
    }
    case 'matches':
      return matches(condition, variables);
    case 'true': {
      const value = evaluate(condition.expression, variables);
      return value.ok ? ok(isTrue(value.value)) : value;
    }
    default:
      return ok(
        compare(
          condition.kind,
          textOf(condition.value, variables),
          textOf(condition.other, variables),
        ),
      );
  }
}

/** Whether a condition can hold later although it does not now: what expressions ask for comes while the run goes on. */
export function waitsForRun(condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.some(waitsForRun);
    case 'not':
      return waitsForRun(condition.condition);
    default:
      return condition.kind === 'true';
  }
}

/** Whether one of the conditions comes to `wanted`, and else the opposite of it. */
function first(
  conditions: readonly Condition[],
  wanted: boolean,
  variables: Variables,
): Result<boolean, string> {
  for (const condition of conditions) {
    const held = holds(condition, variables);
    if (!held.ok || held.value === wanted) return held;
  }
  return ok(!wanted);
}

const textOf = (filling: Filling, variables: Variables): string =>
  fillOrFallBack(filling, variables).value;

function matches(
  { value, patterns }: Extract<Condition, { kind: 'matches' }>,
  variables: Variables,
): Result<boolean, string> {
  const text = textOf(value, variables);
  const delimiter = patterns.delimiter && textOf(patterns.delimiter, variables);
  for (const pattern of splitPatterns(textOf(patterns.text, variables), delimiter)) {
    const compiled = compileWhole(pattern);
    if (!compiled.ok) return compiled;
    if (compiled.value.test(text)) return ok(true);
  }
  return ok(false);
}

type Comparison = Extract<Condition, { readonly other: Filling }>['kind'];

function compare(kind: Comparison, value: string, other: string): boolean {
  switch (kind) {
    case 'equal':
      return value === other;
    case 'greater':
      return order(value, other) > 0;
    case 'at-least':
      return order(value, other) >= 0;
    // Every text includes the empty one; whoever asks for it has a variable that is empty by mistake.
    case 'includes':
      return other === '' ? value === '' : value.includes(other);
    case 'starts-with':
      return value.startsWith(other);
    case 'ends-with':
      return value.endsWith(other);
    default:
      return unreachable(kind);
  }
}

const integer = /^\s*[+-]?\d+\s*$/;
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** Negative, zero or positive, as the value stands before, at or behind the other. */
function order(value: string, other: string): number {
  const both = (form: RegExp): boolean => form.test(value) && form.test(other);
  // Build numbers made of a date have more digits than a floating-point number tells apart.
  if (both(integer)) return sign(BigInt(value.trim()), BigInt(other.trim()));
  if (both(decimal)) return sign(Number(value), Number(other));
  // The order of UTF-8 is that of the code points; strings here are ordered by UTF-16.
  return Buffer.compare(Buffer.from(value), Buffer.from(other));
}

const sign = <T extends number | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
