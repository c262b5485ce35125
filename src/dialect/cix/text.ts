import * as z from 'zod/mini';

import { text } from '../common/values.ts';

import type { Result } from '../../base/result.ts';

/** Where the value of a variable of the run goes, anywhere in a text. */
export const hole = /\$\$[A-Za-z_]\w*/;

/** Text in which `$$NAME` is a hole for the run's variable of that name. Other dollars are text. */
export function toText(written: string): readonly (string | { readonly variable: string })[] {
  const parts: (string | { readonly variable: string })[] = [];
  let end = 0;
  for (const match of written.matchAll(new RegExp(hole, 'g'))) {
    if (match.index > end) parts.push(written.slice(end, match.index));
    parts.push({ variable: match[0].slice(2) });
    end = match.index + match[0].length;
  }
  if (end < written.length) parts.push(written.slice(end));
  return parts;
}

/** Whether what it says is known before the run. */
export const isLiteral = (written: string): boolean =>
  toText(written).every((part) => typeof part === 'string');

type Parse = (text: string) => Result<unknown, string>;

/** A text that something must be able to read: checked at once, unless it has holes. */
export const checkedText = (expected: string, parse: Parse): z.ZodMiniString =>
  text(expected).check(
    z.refine((written) => !isLiteral(written) || parse(written).ok, {
      error: ({ input }) => whyNot(expected, String(input), parse),
    }),
  );

/** What is expected of a text, and what is wrong with it. */
export function whyNot(expected: string, written: string, parse: Parse): string {
  const parsed = parse(written);
  return parsed.ok ? expected : `${expected}\nit ${parsed.failure}`;
}
