import { useCallback, useEffect, useRef, useState } from 'react';

import { askJson, isForGood } from '../api/ask.ts';
import { useVisible } from '../look/use-visible.ts';
import { KeptLines, beginOfBlock, blockLines } from './kept-lines.ts';
import { logPath } from './log-path.ts';

import type { Refusal } from '../api/ask.ts';
import type { LinesAnswer } from './kept-lines.ts';
import type { LogOf } from './log-path.ts';

/** A log of which some lines are here. */
export interface Log {
  readonly kept: KeptLines;
  /** The server has told something of it. */
  readonly isKnown: boolean;
  /** Why it tells no more. */
  readonly trouble: Refusal | undefined;
  /** Brings these lines, if they are not here. What was wanted before is not any more. */
  readonly want: (first: number, last: number) => void;
}

/** A log that grows is asked for its end so often. */
const pollMs = 500;

/** And so often while the server does not answer. */
const troubledMs = 3_000;

/** Brings the lines of a log that are looked at, and tells how long it has become. */
export function useLog({ runId, task }: LogOf, line: number | undefined): Log {
  const [kept] = useState(() => new KeptLines());
  const [told, setTold] = useState<{ isKnown: boolean; trouble?: Refusal | undefined }>({
    isKnown: false,
  });
  /** Where one looks first. */
  const begin = useRef(line ?? 1);
  const isVisible = useVisible();
  const ask = useCallback(
    async (from: number, signal: AbortSignal): Promise<Refusal | undefined> => {
      const path = logPath({ runId, task }, '/lines', { from, count: blockLines });
      const asked = await askJson<LinesAnswer>(path, { signal });
      if (asked.ok) kept.put(asked.value);
      const trouble = asked.ok ? undefined : asked.failure;
      // A new object, so that it is drawn anew.
      setTold(({ isKnown }) => ({ isKnown: isKnown || asked.ok, trouble }));
      return trouble;
    },
    [runId, task, kept],
  );
  useEffect(() => {
    if (!isVisible) return;
    const life = new AbortController();
    void poll(life.signal).catch(() => undefined);
    return () => life.abort();

    async function poll(signal: AbortSignal): Promise<void> {
      const isFirst = kept.total === 0;
      const trouble = await ask(isFirst ? beginOfBlock(begin.current) : kept.total, signal);
      if (kept.ended || signal.aborted || (trouble && isForGood(trouble))) return;
      const rest = trouble ? troubledMs : pollMs;
      setTimeout(() => void poll(signal).catch(() => undefined), rest);
    }
  }, [ask, isVisible, kept]);
  const asking = useRef<{ readonly from: number; readonly life: AbortController }>(undefined);
  const restsUntil = useRef(0);
  useEffect(() => () => asking.current?.life.abort(), []);
  const want = useCallback(
    (first: number, last: number): void => {
      kept.touch(first, last);
      const missing = kept.missing(first, last);
      if (missing === undefined) return;
      // Of a block that was told in part, the rest.
      const begin = beginOfBlock(missing);
      const from = kept.line(begin) ? missing : begin;
      if (asking.current?.from === from || performance.now() < restsUntil.current) return;
      asking.current?.life.abort();
      const life = new AbortController();
      asking.current = { from, life };
      ask(from, life.signal)
        .then((trouble) => {
          if (!trouble) return;
          restsUntil.current = performance.now() + troubledMs;
          // Drawn anew, it is wanted again.
          setTimeout(() => setTold((now) => ({ ...now })), troubledMs);
        })
        .catch(() => undefined)
        .finally(() => {
          if (asking.current?.life === life) asking.current = undefined;
        });
    },
    [ask, kept],
  );
  return { kept, isKnown: told.isKnown, trouble: told.trouble, want };
}
