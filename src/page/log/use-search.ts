import { useCallback, useEffect, useRef, useState } from 'react';

import { askJson } from '../api/ask.ts';
import { forwards, rankOf } from './hits.ts';
import { logPath } from './log-path.ts';

import type { Refusal } from '../api/ask.ts';
import type { HitsAnswer, Part, Way } from './hits.ts';
import type { LogOf } from './log-path.ts';
import type { Sought } from './marks.ts';

/** A search in a log, and what it has found. */
export interface Search {
  readonly sought: Sought;
  readonly isBusy: boolean;
  readonly trouble: Refusal | undefined;
  /** Absent: nothing is searched for, or not found out about yet. */
  readonly hits: HitsAnswer | undefined;
  /** The hit one is at. */
  readonly line: number | undefined;
  /** Which of all it is, from 1. */
  readonly rank: number | undefined;
  readonly seek: (sought: Sought) => void;
  readonly go: (way: Way) => void;
}

/** Whoever types is not searched for letter by letter. */
const restMs = 250;
/** A log that grows is searched again so often. */
const againMs = 2_000;

/** So many hits are known at a time: mostly all of them. */
const most = 10_000;

interface Result {
  readonly hits?: HitsAnswer | undefined;
  readonly line?: number | undefined;
  readonly trouble?: Refusal | undefined;
}

/**
 * Searches a whole log, `total` lines of it so far. It begins where one is, at the line that `here` tells; `onLine`
 * hears where each hit is that one comes to.
 */
export function useSearch(
  { runId, task }: LogOf,
  total: number,
  here: () => number,
  onLine: (line: number) => void,
): Search {
  const [sought, setSought] = useState<Sought>({ text: '', matchCase: false });
  const [result, setResult] = useState<Result>({});
  const [isBusy, setBusy] = useState(false);
  const life = useRef(new AbortController());
  const part = useRef<Part>({ from: 1 });
  const latest = useRef({ here, onLine });
  latest.current = { here, onLine };

  const ask = useCallback(
    async (wanted: Part, signal: AbortSignal): Promise<HitsAnswer | undefined> => {
      const { text, matchCase } = sought;
      const path = logPath({ runId, task }, '/search', {
        ...{ text, case: `${matchCase}`, limit: most },
        ...wanted,
      });
      const asked = await askJson<HitsAnswer>(path, { signal });
      part.current = wanted;
      setResult(({ line }) =>
        asked.ok ? { hits: asked.value, line } : { trouble: asked.failure },
      );
      return asked.ok ? asked.value : undefined;
    },
    [runId, task, sought],
  );
  /** One after the other: what is asked for now is wanted instead of what was. */
  const instead = useCallback((work: (signal: AbortSignal) => Promise<void>): void => {
    life.current.abort();
    const mine = new AbortController();
    life.current = mine;
    setBusy(true);
    work(mine.signal)
      .catch(() => undefined)
      .finally(() => {
        if (life.current === mine) setBusy(false);
      });
  }, []);
  /** Goes to the hit that comes after a line. */
  const walk = useCallback(
    async (
      { look, first }: Way,
      hits: HitsAnswer,
      from: number,
      signal: AbortSignal,
    ): Promise<void> => {
      const found = look(hits, from);
      if (found.kind === 'none') return;
      let line = found.kind === 'line' ? found.line : undefined;
      for (const wanted of found.kind === 'ask' ? [found.part, found.otherwise] : []) {
        const some = line === undefined && (await ask(wanted, signal));
        if (some) line = first(some);
      }
      if (line === undefined) return;
      setResult((before) => ({ ...before, line }));
      latest.current.onLine(line);
    },
    [ask],
  );

  useEffect(() => {
    life.current.abort();
    if (sought.text === '') {
      setResult({});
      setBusy(false);
      return;
    }
    const timer = setTimeout(() => {
      instead(async (signal) => {
        setResult({});
        const hits = await ask({ from: 1 }, signal);
        if (hits) await walk(forwards, hits, latest.current.here() - 1, signal);
      });
    }, restMs);
    return () => clearTimeout(timer);
  }, [sought, ask, instead, walk]);
  useEffect(() => () => life.current.abort(), []);

  const isOld = result.hits !== undefined && result.hits.searched < total && !isBusy;
  useEffect(() => {
    if (!isOld) return;
    const timer = setTimeout(
      () =>
        instead(async (signal) => {
          await ask(part.current, signal);
        }),
      againMs,
    );
    return () => clearTimeout(timer);
  }, [isOld, instead, ask]);

  const { hits, line } = result;
  const isOnTheWay = useRef(false);
  const go = (way: Way): void => {
    // Whoever is faster than the server gets there one by one.
    if (!hits || isOnTheWay.current) return;
    isOnTheWay.current = true;
    instead((signal) =>
      walk(way, hits, line ?? 0, signal).finally(() => (isOnTheWay.current = false)),
    );
  };
  const rank = hits && rankOf(hits, line);
  return { sought, isBusy, trouble: result.trouble, hits, line, rank, seek: setSought, go };
}
