import * as z from 'zod/mini';

import { parseDuration } from '../../base/duration.ts';
import { compilePattern } from '../../base/pattern.ts';

import type { $ZodType } from 'zod/v4/core';

/**
 * The values that keys of both languages take. The message of each schema says what it expects,
 * as a noun; further lines say what to do.
 */

/** What editors and the reference page are told about a key. */
interface KeyNotes {
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** Notes for editors and the reference page, beside those it has. Unlike `z.meta`, it does not build the schema twice. */
export function noted<S extends $ZodType>(notes: z.core.GlobalMeta, schema: S): S {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), ...notes });
  return schema;
}

/** A key that may be left out, and what it means. */
export const key = <S extends $ZodType>(
  schema: S,
  description: string,
  notes: KeyNotes = {},
): z.ZodMiniOptional<S> => noted({ description, ...notes }, z.optional(schema));

/** A closed map. As an issue's message, its unknown keys get the known ones. */
export const map = <T extends z.core.$ZodLooseShape>(
  shape: T,
  expected: string,
  known: readonly string[] = Object.keys(shape),
): z.ZodMiniObject<T, z.core.$strict> =>
  z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? known.join(' ') : expected),
  });

/** A list of at least one. */
export const list = <S extends $ZodType>(item: S, expected: string): z.ZodMiniArray<S> =>
  z.array(item, { error: expected }).check(z.minLength(1, { error: expected }));

export const text = (expected: string): z.ZodMiniString =>
  z.string({ error: expected }).check(z.minLength(1, { error: expected }));

/** YAML 1.1 took more words for truth values than today's YAML does. */
const formerFlags = new Map(
  Object.entries({ yes: 'true', on: 'true', y: 'true', no: 'false', off: 'false', n: 'false' }),
);

export const flag = (): z.ZodMiniBoolean =>
  z.boolean({
    error: ({ input }) => {
      const meant = typeof input === 'string' ? formerFlags.get(input.toLowerCase()) : undefined;
      return `\`true\` or \`false\`${meant === undefined ? '' : `\ndid you mean \`${meant}\`?`}`;
    },
  });

/** Text, or what YAML takes for a number or a truth value; kept as it is written. */
export const scalar = (expected: string) =>
  z.union([z.string(), z.number(), z.boolean()], { error: expected });

export const textOrNumber = (expected: string) =>
  z.union([text(expected), z.number({ error: expected })], { error: expected });

const durationPattern = /^\d+(\.\d+)?\s*(ms|s|m|h)?$/;

/** Beyond it, a number is a slip of the pen. */
const longestMs = 365 * 24 * 3_600_000;

interface DurationOptions {
  /** Whether 0 is one, too. */
  readonly orNone?: boolean;
  /** Texts that are no duration yet, as what they stand for is not known: those in which it is found. */
  readonly unlessIn?: RegExp;
}

/** A duration as people write it, a year at most. */
export function duration({ orNone = false, unlessIn }: DurationOptions = {}) {
  const units = 'such as `10s`, `500ms`, `2m` or a number of seconds';
  const error = `a duration ${units}`;
  const tooShort = orNone ? error : `a duration above 0, ${units}`;
  const tooLong = 'a duration of a year (`8760h`) at most';
  const isLongEnough = (ms: number): boolean => (orNone ? ms >= 0 : ms > 0);
  const isOpen = (written: string): boolean => unlessIn?.test(written) === true;
  const bounds = [
    orNone ? z.gte(0, { error }) : z.gt(0, { error: tooShort }),
    z.lte(longestMs / 1_000, { error: tooLong }),
  ] as const;
  return noted(
    { title: 'duration' },
    z.union(
      [
        z.number({ error }).check(...bounds),
        z.string({ error }).check(
          z.regex(orIn(durationPattern, unlessIn), { error, abort: true }),
          z.refine((written) => isOpen(written) || isLongEnough(msOf(written)), {
            error: tooShort,
          }),
          z.refine((written) => isOpen(written) || msOf(written) <= longestMs, { error: tooLong }),
        ),
      ],
      { error },
    ),
  );
}

/** A pattern of whole texts, and of those in which another is found: as one, for the JSON Schema. */
export const orIn = (whole: RegExp, inside: RegExp | undefined): RegExp =>
  inside ? new RegExp(`${whole.source}|${inside.source}`) : whole;

/** Endless when it is more than numbers can tell. */
const msOf = (written: string): number => parseDuration(written) ?? Infinity;

/** The milliseconds of a duration that its schema has let pass. */
export const toMs = (written: string | number): number => parseDuration(written)!;

export const count = (expected: string): z.ZodMiniNumber =>
  z.int({ error: expected }).check(z.gte(1, { error: expected }));

/** A regular expression in JavaScript's flavour. */
export function pattern() {
  const expected = 'a regular expression';
  const schema = text(expected).check(
    z.refine((written) => whyNoPattern(written) === undefined, {
      error: ({ input }) => `${expected}\n${whyNoPattern(String(input)) ?? ''}`,
    }),
  );
  return noted({ title: 'regular expression', format: 'regex' }, schema);
}

function whyNoPattern(written: string): string | undefined {
  const compiled = compilePattern(written);
  return compiled.ok ? undefined : `it is refused: ${compiled.failure}`;
}

/** What is made when it is first asked for, and then kept. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
