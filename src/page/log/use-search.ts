import { useCallback, useEffect, useRef, useState } from 'react';

import { askJson } from '../api/ask.ts';
import { areAll, forwards, joined, mostCounted, toHits } from './hits.ts';
import { logPath } from './log-path.ts';

import type { Refusal } from '../api/ask.ts';
import type { Hits, HitsAnswer, Part, Way } from './hits.ts';
import type { LogOf } from './log-path.ts';
import type { Sought } from './marks.ts';

/** A search in a log, and what it has found. */
export interface Search {
  readonly sought: Sought;
  readonly isBusy: boolean;
  readonly trouble: Refusal | undefined;
  /** The hits from the first line on, as far as they were counted. Absent: none were yet. */
  readonly counted: Hits | undefined;
  /** The hit one is at. */
  readonly line: number | undefined;
  readonly seek: (sought: Sought) => void;
  readonly go: (way: Way) => void;
}

/** Whoever types is not searched for letter by letter. */
const restMs = 250;
/** A log that grows is searched again so often. */
const againMs = 2_000;

interface Result {
  readonly counted?: Hits | undefined;
  readonly line?: number | undefined;
  readonly trouble?: Refusal | undefined;
}

/**
 * Searches a whole log, `total` lines of it so far, part by part, since the server does only so much work for an answer. It
 * begins where one is, at the line that `here` tells; then it counts. `onLine` hears where each hit is that one
 * comes to.
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
  /** The hits around the one that one is at. */
  const near = useRef<readonly Hits[]>([]);
  const latest = useRef({ here, onLine });
  latest.current = { here, onLine };

  /** `undefined`: the server said no, which is told. */
  const ask = useCallback(
    async (part: Part, signal: AbortSignal): Promise<Hits | undefined> => {
      const { text, matchCase } = sought;
      const query = { text, case: `${matchCase}`, limit: mostCounted, ...part };
      const path = logPath({ runId, task }, '/search', query);
      const asked = await askJson<HitsAnswer>(path, { signal });
      setResult((before) => ({ ...before, trouble: asked.ok ? undefined : asked.failure }));
      return asked.ok ? toHits(asked.value, part) : undefined;
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
    async (way: Way, counted: Hits, from: number, signal: AbortSignal): Promise<void> => {
      const asked: Hits[] = [];
      for (;;) {
        const found = way([counted, ...near.current, ...asked], from);
        if (found.kind === 'none') return;
        if (found.kind === 'line') {
          if (asked.length > 0) near.current = asked;
          setResult((before) => ({ ...before, line: found.line }));
          latest.current.onLine(found.line);
          return;
        }
        const more = await ask(found.part, signal);
        if (!more) return;
        asked.push(more);
      }
    },
    [ask],
  );
  /** Counts on, until there are so many that nobody wants to know. */
  const count = useCallback(
    async (begun: Hits, signal: AbortSignal): Promise<void> => {
      for (let counted = begun; !areAll(counted) && counted.lines.length < mostCounted;) {
        const more = await ask({ from: counted.end }, signal);
        if (!more) return;
        counted = joined(counted, more);
        setResult((before) => ({ ...before, counted }));
      }
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
        near.current = [];
        const counted = await ask({ from: 1 }, signal);
        if (!counted) return;
        setResult({ counted });
        await walk(forwards, counted, latest.current.here() - 1, signal);
        await count(counted, signal);
      });
    }, restMs);
    return () => clearTimeout(timer);
  }, [sought, ask, instead, walk, count]);
  useEffect(() => () => life.current.abort(), []);

  const { counted, line } = result;
  const isShort =
    counted !== undefined &&
    !isBusy &&
    (areAll(counted) ? counted.searched < total : counted.lines.length < mostCounted);
  useEffect(() => {
    if (!isShort) return;
    const timer = setTimeout(
      () =>
        instead(async (signal) => {
          if (!areAll(counted)) {
            await count(counted, signal);
            return;
          }
          // The last line may not have ended then.
          const more = await ask({ from: Math.max(1, counted.searched) }, signal);
          if (!more) return;
          near.current = [];
          const grown = joined(counted, more);
          setResult((before) => ({ ...before, counted: grown }));
          await count(grown, signal);
        }),
      againMs,
    );
    return () => clearTimeout(timer);
  }, [isShort, counted, instead, ask, count]);

  const isOnTheWay = useRef(false);
  const go = (way: Way): void => {
    // Whoever is faster than the server gets there one by one.
    if (!counted || isOnTheWay.current) return;
    isOnTheWay.current = true;
    instead(async (signal) => {
      await walk(way, counted, line ?? 0, signal).finally(() => (isOnTheWay.current = false));
      await count(counted, signal);
    });
  };
  return { sought, isBusy, trouble: result.trouble, counted, line, seek: setSought, go };
}
