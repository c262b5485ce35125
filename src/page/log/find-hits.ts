import { ok } from '../../base/result.ts';
import { askJson } from '../api/ask.ts';
import { areAll, joined, mostCounted, toHits } from './hits.ts';
import { logPath } from './log-path.ts';

import type { Result } from '../../base/result.ts';
import type { Refusal } from '../api/ask.ts';
import type { Hits, HitsAnswer, Part, Way } from './hits.ts';
import type { LogOf } from './log-path.ts';
import type { Sought } from './marks.ts';

/** Asks the server for a part of the hits. */
export async function askHits(
  log: LogOf,
  { text, matchCase }: Sought,
  part: Part,
  signal: AbortSignal,
): Promise<Result<Hits, Refusal>> {
  const query = { text, case: `${matchCase}`, limit: mostCounted, ...part };
  const asked = await askJson<HitsAnswer>(logPath(log, '/search', query), { signal });
  return asked.ok ? ok(toHits(asked.value, part)) : asked;
}

/** Brings a part of the hits. `undefined`: the server said no. */
export type BringHits = (part: Part) => Promise<Hits | undefined>;

/** A hit that was gone to, and what had to be brought to find it. */
export interface NextHit {
  readonly line: number;
  readonly brought: readonly Hits[];
}

/** The hit that comes after a line on this way. `undefined`: there is none, or the server said no. */
export async function nextHit(
  way: Way,
  known: readonly Hits[],
  from: number,
  bring: BringHits,
): Promise<NextHit | undefined> {
  const brought: Hits[] = [];
  for (;;) {
    const found = way([...known, ...brought], from);
    if (found.kind === 'none') return undefined;
    if (found.kind === 'line') return { line: found.line, brought };
    const more = await bring(found.part);
    if (!more) return undefined;
    brought.push(more);
  }
}

/** Counts on, until there are so many that nobody wants to know, and tells how far that is. */
export async function countOn(
  begun: Hits,
  bring: BringHits,
  tell: (counted: Hits) => void,
): Promise<void> {
  for (let counted = begun; !areAll(counted) && counted.lines.length < mostCounted;) {
    const more = await bring({ from: counted.end });
    if (!more) return;
    counted = joined(counted, more);
    tell(counted);
  }
}
