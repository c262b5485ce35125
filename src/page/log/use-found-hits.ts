import { useCallback, useRef, useState } from 'react';

import { askHits, countOn, nextHit } from './find-hits.ts';
import { forwards, joined } from './hits.ts';

import type { Refusal } from '../api/ask.ts';
import type { Hits, Part, Way } from './hits.ts';
import type { LogOf } from './log-path.ts';
import type { Sought } from './marks.ts';

/** What a search has found so far, and the ways to more of it. Each is left when its signal aborts. */
export interface FoundHits {
  /** The hits from the first line on, as far as they were counted. Absent: none were yet. */
  readonly counted: Hits | undefined;
  /** The hit one is at. */
  readonly line: number | undefined;
  /** Why the server told no more. */
  readonly trouble: Refusal | undefined;
  readonly forget: () => void;
  /** Searches anew: goes to the first hit from the line on that `here` tells, then counts. */
  readonly begin: (here: () => number, signal: AbortSignal) => Promise<void>;
  /** Goes to the hit after the one that one is at. */
  readonly walk: (
    way: Way,
    counted: Hits,
    line: number | undefined,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Counts on, until there are so many that nobody wants to know. */
  readonly count: (counted: Hits, signal: AbortSignal) => Promise<void>;
  /** Counts on in what the log has got since all of it was counted. */
  readonly catchUp: (counted: Hits, signal: AbortSignal) => Promise<void>;
}

interface Known {
  readonly counted?: Hits | undefined;
  readonly line?: number | undefined;
  readonly trouble?: Refusal | undefined;
}

/** Keeps what is found of `sought` in a log. `onLine` hears where each hit is that one comes to. */
export function useFoundHits(
  { runId, task }: LogOf,
  sought: Sought,
  onLine: (line: number) => void,
): FoundHits {
  const [{ counted, line, trouble }, setKnown] = useState<Known>({});
  /** The hits around the one that one is at. */
  const near = useRef<readonly Hits[]>([]);
  const latest = useRef(onLine);
  latest.current = onLine;
  const forget = useCallback(() => setKnown({}), []);
  const ask = useCallback(
    async (part: Part, signal: AbortSignal): Promise<Hits | undefined> => {
      const asked = await askHits({ runId, task }, sought, part, signal);
      setKnown((before) => ({ ...before, trouble: asked.ok ? undefined : asked.failure }));
      return asked.ok ? asked.value : undefined;
    },
    [runId, task, sought],
  );
  const walk = useCallback<FoundHits['walk']>(
    async (way, known, from = 0, signal) => {
      const bring = (part: Part) => ask(part, signal);
      const next = await nextHit(way, [known, ...near.current], from, bring);
      if (!next) return;
      if (next.brought.length > 0) near.current = next.brought;
      setKnown((before) => ({ ...before, line: next.line }));
      latest.current(next.line);
    },
    [ask],
  );
  const count = useCallback<FoundHits['count']>(
    (begun, signal) =>
      countOn(
        begun,
        (part) => ask(part, signal),
        (more) => setKnown((before) => ({ ...before, counted: more })),
      ),
    [ask],
  );
  const begin = useCallback<FoundHits['begin']>(
    async (here, signal) => {
      setKnown({});
      near.current = [];
      const first = await ask({ from: 1 }, signal);
      if (!first) return;
      setKnown({ counted: first });
      await walk(forwards, first, here() - 1, signal);
      await count(first, signal);
    },
    [ask, walk, count],
  );
  const catchUp = useCallback<FoundHits['catchUp']>(
    async (known, signal) => {
      // The last line may not have ended then.
      const more = await ask({ from: Math.max(1, known.searched) }, signal);
      if (!more) return;
      near.current = [];
      const grown = joined(known, more);
      setKnown((before) => ({ ...before, counted: grown }));
      await count(grown, signal);
    },
    [ask, count],
  );
  return { counted, line, trouble, forget, begin, walk, count, catchUp };
}
