import { useEffect, useRef, useState } from 'react';

import { areAll, mostCounted } from './hits.ts';
import { useFoundHits } from './use-found-hits.ts';
import { useOneWork } from './use-one-work.ts';

import type { Way } from './hits.ts';
import type { LogOf } from './log-path.ts';
import type { Sought } from './marks.ts';
import type { FoundHits } from './use-found-hits.ts';

/** A search in a log, and what it has found. */
export interface Search extends Pick<FoundHits, 'counted' | 'line' | 'trouble'> {
  readonly sought: Sought;
  readonly isBusy: boolean;
  readonly seek: (sought: Sought) => void;
  readonly go: (way: Way) => void;
}

/** Whoever types is not searched for letter by letter. */
const restMs = 250;
/** A log that grows is searched again so often. */
const againMs = 2_000;

/**
 * Searches a whole log, `total` lines of it so far, part by part, since the server does only so much work for an answer. It
 * begins where one is, at the line that `here` tells; then it counts. `onLine` hears where each hit is that one
 * comes to.
 */
export function useSearch(
  log: LogOf,
  total: number,
  here: () => number,
  onLine: (line: number) => void,
): Search {
  const [sought, setSought] = useState<Sought>({ text: '', matchCase: false });
  const found = useFoundHits(log, sought, onLine);
  const { counted, line, trouble, forget, begin, walk, count, catchUp } = found;
  const { isBusy, instead, stop } = useOneWork();
  const latestHere = useRef(here);
  latestHere.current = here;

  useEffect(() => {
    stop();
    if (sought.text === '') {
      forget();
      return;
    }
    const timer = setTimeout(
      () => instead((signal) => begin(() => latestHere.current(), signal)),
      restMs,
    );
    return () => clearTimeout(timer);
  }, [sought, instead, stop, forget, begin]);

  const isShort =
    counted !== undefined &&
    !isBusy &&
    (areAll(counted) ? counted.searched < total : counted.lines.length < mostCounted);
  useEffect(() => {
    if (!isShort) return;
    const further = areAll(counted) ? catchUp : count;
    const timer = setTimeout(() => instead((signal) => further(counted, signal)), againMs);
    return () => clearTimeout(timer);
  }, [isShort, counted, instead, count, catchUp]);

  const isOnTheWay = useRef(false);
  const go = (way: Way): void => {
    // Whoever is faster than the server gets there one by one.
    if (!counted || isOnTheWay.current) return;
    isOnTheWay.current = true;
    instead(async (signal) => {
      await walk(way, counted, line, signal).finally(() => (isOnTheWay.current = false));
      await count(counted, signal);
    });
  };
  return { sought, isBusy, trouble, counted, line, seek: setSought, go };
}
