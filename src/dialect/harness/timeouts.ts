import * as z from 'zod/mini';

import { isExpression, tolerant } from './values.ts';

/** How long something takes, as Harness writes it: `10m`, `1h 30m`, `2d`. */

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const whole = /^(?:\d+(?:\.\d+)?[smhdw]\s?)+$/;

/** The milliseconds of a duration in Harness's words; nothing for an empty one and for what is none. */
export function parseTimeout(text: string): number | undefined {
  const trimmed = text.trim();
  if (!whole.test(trimmed)) return undefined;
  let ms = 0;
  for (const [, count, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g))
    ms += Number(count) * unitMs[unit!]!;
  return ms;
}

const expected = 'a duration such as `30s`, `10m`, `1h 30m` or `2d`';

export const timeout = () => {
  const error = ({ input }: { readonly input?: unknown }): string => {
    const unit = /^\d+$/.test(String(input)) ? `\ndid you mean \`${String(input)}s\`?` : '';
    return `${expected}${unit || '\nits units are `s`, `m`, `h`, `d` and `w`'}`;
  };
  return tolerant(
    ({ tree }) =>
      tree.kind === 'scalar' && /^0?\d(\.\d+)?s$/.test(tree.text.trim())
        ? 'Harness takes seconds of two digits only, such as `10s`'
        : undefined,
    z.string({ error }).check(
      z.refine((text) => text === '' || isExpression(text) || (parseTimeout(text) ?? 0) > 0, {
        error,
      }),
    ),
  );
};
