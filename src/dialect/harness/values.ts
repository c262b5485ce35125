import * as z from 'zod/mini';

import { nearest } from '../common/nearest.ts';
import { noted } from '../common/values.ts';

import type { $ZodType } from 'zod/v4/core';
import type { JsonSchema } from '../common/json-schema.ts';
import type { Spot } from '../common/tree.ts';

/**
 * The values that keys of a Harness pipeline take. As in `common/values.ts`, the message of a schema says
 * what it expects. An expression may stand wherever a single value does: it is worked out before.
 */

/** What Harness itself would refuse at a place, though it is plain what is meant. */
export type Remark = (spot: Spot) => string | undefined;

const remarks = new WeakMap<$ZodType, Remark>();

/** A schema that takes more than Harness does; `remark` says what Harness would have instead. */
export function tolerant<S extends $ZodType>(remark: Remark, schema: S): S {
  remarks.set(schema, remark);
  return schema;
}

export const remarkOf = (schema: $ZodType): Remark | undefined => remarks.get(schema);

/** A map that may have other keys, too: Harness takes no notice of them. */
export const open = <T extends z.core.$ZodLooseShape>(
  shape: T,
  expected: string,
): z.ZodMiniObject<T> => z.object(shape, { error: expected });

/** A map of texts by names that the author chooses. */
export const mapOf = <S extends $ZodType>(
  value: S,
  expected: string,
): z.ZodMiniRecord<z.ZodMiniString, S> => z.record(z.string(), value, { error: expected });

export const anything = (): z.ZodMiniUnknown => z.unknown();

const expressionPattern = /<\+[\s\S]*>/;

const expression = (error: string) =>
  z.string({ error }).check(z.regex(expressionPattern, { error }));

/** Whether a text says that it is worked out. */
export const isExpression = (text: string): boolean => expressionPattern.test(text);

/** A text, for which a number or a truth value is taken as it is written. */
export const someText = (expected: string) =>
  tolerant(
    ({ tree }) =>
      tree.kind === 'scalar' && tree.value !== null && typeof tree.value !== 'string'
        ? `put it in quotes: \`"${tree.text}"\``
        : undefined,
    z.union([z.string(), z.number(), z.boolean()], { error: expected }),
  );

/** A text or a number, both of which Harness takes. */
export const textOrNumber = (expected: string) =>
  z.union([z.string(), z.number()], { error: expected });

/** One of these words. */
export function word(words: readonly string[], what = '') {
  const listed = words.map((one) => `\`${one}\``).join(', ');
  const expected = words.length === 1 ? listed : `one of ${listed}`;
  const error = ({ input }: { readonly input?: unknown }): string => {
    const near = typeof input === 'string' ? nearest(input, words) : undefined;
    return near === undefined ? expected : `${expected}\ndid you mean \`${near}\`?`;
  };
  const meant = (text: unknown): string | undefined => wordOf(words, String(text));
  const schema = z
    .string({ error })
    .check(
      z.refine((text) => text === '' || isExpression(text) || meant(text) !== undefined, { error }),
    );
  return noted(
    { ...(what !== '' && { title: what }), ...anyOfWords(words) },
    tolerant(({ tree }) => {
      const right = tree.kind === 'scalar' ? meant(tree.text) : undefined;
      return tree.kind === 'scalar' && right !== undefined && right !== tree.text
        ? `write \`${right}\``
        : undefined;
    }, schema),
  );
}

/** The same for editors, in a JSON Schema: they suggest the words as they are spelt. */
export const anyOfWords = (words: readonly string[]): { anyOf: JsonSchema[] } => ({
  anyOf: [
    { enum: [...words] },
    { type: 'string', pattern: `^(?:${words.map(inAnyCase).join('|')})?$` },
    anExpression,
  ],
});

/** JSON Schema has no flag for it. */
export const inAnyCase = (word: string): string =>
  word.replaceAll(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);

export const anExpression = { type: 'string', pattern: expressionPattern.source } as const;

/** The word of `words` that a text stands for. */
export function wordOf<W extends string>(words: readonly W[], text = ''): W | undefined {
  const same = words.find((one) => one === text);
  if (same !== undefined || text === '') return same;
  const lower = text.toLowerCase();
  return words.find((one) => one.toLowerCase() === lower);
}

/** `true` or `false`. */
export const flag = () => {
  const error = '`true` or `false`';
  return tolerant(
    ({ tree }) =>
      tree.kind === 'scalar' && typeof tree.value === 'string' && /^(true|false)$/i.test(tree.text)
        ? `write \`${tree.text.toLowerCase()}\` without quotes`
        : undefined,
    z.union(
      [
        z.boolean(),
        z
          .string({ error })
          .check(z.regex(/^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$/, { error })),
        expression(error),
      ],
      {
        error,
      },
    ),
  );
};

/** A whole number, `least` or more. */
export const wholeNumber = (expected: string, least = 0) =>
  tolerant(
    ({ tree }) =>
      tree.kind === 'scalar' && typeof tree.value === 'string' && /^\d+$/.test(tree.text)
        ? `write \`${tree.text}\` without quotes`
        : undefined,
    z.union(
      [
        z.int({ error: expected }).check(z.gte(least, { error: expected })),
        z
          .string()
          .check(
            z.refine((text) => /^\d+$/.test(text) && Number(text) >= least, { error: expected }),
          ),
        expression(expected),
      ],
      { error: expected },
    ),
  );

/** A list of at least one, or an expression that comes to one. */
export const listOf = <S extends $ZodType>(item: S, expected: string) =>
  z.union([z.array(item), expression(expected)], { error: expected });
