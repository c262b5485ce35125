import { fail, ok } from '../base/result.ts';
import { maxCopies } from '../plan/copies.ts';
import { fill } from './fill.ts';
import { fillQuantity } from './quantity.ts';

import type { Result } from '../base/result.ts';
import type { Repeat, RepeatEach, Text, Where } from '../plan/plan.ts';
import type { Variables } from './fill.ts';

/** Why it cannot be told how many copies there are: a clause, and where when it is about one value. */
interface NoTurns {
  readonly problem: string;
  readonly where?: Where;
}

/** What each copy of a repetition is told: its number and its element, under the names that they have. */
export function turnsOf(
  { over, counter }: Repeat,
  variables: Variables,
): Result<readonly Variables[], NoTurns> {
  const told = (index: number): (readonly [string, string])[] =>
    counter === undefined ? [] : [[counter, String(index + 1)]];
  if (over.kind === 'each') {
    const items = itemsOf(over.items, variables);
    if (!items.ok) return items;
    if (items.value.length > maxCopies) return fail({ problem: tooMany(items.value.length) });
    return ok(items.value.map((item, at) => new Map([...told(at), [over.element, item]])));
  }
  const { times } = over;
  const place = typeof times === 'number' ? {} : { where: times.where };
  const filled = fillQuantity(times, variables);
  if (!filled.ok) return fail({ problem: `the number of its copies ${filled.failure}`, ...place });
  if (filled.value > maxCopies) return fail({ problem: tooMany(filled.value), ...place });
  return ok(Array.from({ length: filled.value }, (_, at) => new Map(told(at))));
}

const tooMany = (count: number): string =>
  `it would be there ${count} times, and ${maxCopies} are the most`;

function itemsOf(
  items: RepeatEach['items'],
  variables: Variables,
): Result<readonly string[], NoTurns> {
  const texts: readonly Text[] = 'commaSeparated' in items ? [items.commaSeparated] : items;
  const filled = texts.map((text) => fill(text, variables));
  const failure = filled.find((one) => one.failure !== undefined)?.failure;
  if (failure !== undefined)
    return fail({ problem: `what it is repeated for cannot be worked out: ${failure}` });
  const [missing] = filled.flatMap((one) => one.missing);
  if (missing !== undefined)
    return fail({
      problem: `what it is repeated for names the variable ${missing}, which has no value`,
    });
  const values = filled.map(({ value }) => value);
  return ok(
    'commaSeparated' in items ? values.flatMap(splitItems) : values.filter((item) => item !== ''),
  );
}

/** The items of a text that are parted by commas. Empty ones do not count. */
export const splitItems = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
