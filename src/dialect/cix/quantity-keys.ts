import * as z from 'zod/mini';

import { duration, map, noted, key, orIn, toMs } from '../common/values.ts';
import { textOf } from '../common/tree.ts';
import { hole, isLiteral, toText } from './text.ts';

import type { Measured, Quantity, Where } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';

/** The schemas of numbers that may be known only when the run begins, and what they become. */

/** Where something stands in its file. */
export type PlaceOf = (spot: Spot) => Where;

interface Bounds {
  readonly least: number;
  readonly most?: number;
}

/** A whole number, also as a text, or a text with `$$NAME` in it. */
export const amount = (expected: string, { least, most = Number.MAX_SAFE_INTEGER }: Bounds) => {
  const isBetween = (written: string): boolean =>
    !isLiteral(written) || (Number(written) >= least && Number(written) <= most);
  return noted(
    { title: 'whole number' },
    z.union(
      [
        z
          .int({ error: expected })
          .check(z.gte(least, { error: expected }), z.lte(most, { error: expected })),
        z
          .string({ error: expected })
          .check(
            z.regex(orIn(/^\d+$/, hole), { error: expected, abort: true }),
            z.refine(isBetween, { error: expected }),
          ),
      ],
      { error: expected },
    ),
  );
};

/** A duration, or a text with `$$NAME` in it. */
export const time = ({ orNone = false } = {}) => duration({ orNone, unlessIn: hole });

/** What `retry` holds, with what its pause is when there is none. */
export const retry = (backoff: number | string) =>
  map(
    {
      iterations: noted(
        {
          title: 'whole number',
          description: 'How often it is attempted at most, the first time included.',
        },
        amount('a number of attempts: 1 or more, the first one counts too', { least: 1 }),
      ),
      backoff: key(time({ orNone: true }), 'The pause between two attempts.', {
        default: backoff,
      }),
    },
    'a map with `iterations` and `backoff`, such as `{iterations: 3, backoff: 2s}`',
  );

/** The quantity that a well-formed value stands for. */
export function toQuantity(spot: Spot, unit: Measured['unit'], placeOf: PlaceOf): Quantity {
  const written = textOf(spot) ?? '';
  const value = spot.tree.kind === 'scalar' ? spot.tree.value : null;
  if (typeof value !== 'number' && !isLiteral(written))
    return { text: toText(written), unit, where: placeOf(spot) };
  const known = typeof value === 'number' ? value : written;
  return unit === 'seconds' ? toMs(known) : Number(known);
}
