import { useCallback, useEffect, useRef, useState } from 'react';

export interface OneWork {
  readonly isBusy: boolean;
  /** Begins something that is wanted instead of what was, which is aborted. */
  readonly instead: (work: (signal: AbortSignal) => Promise<void>) => void;
  readonly stop: () => void;
}

/** Work that goes on one at a time, and no longer than what shows it. */
export function useOneWork(): OneWork {
  const [isBusy, setBusy] = useState(false);
  const life = useRef(new AbortController());
  const instead = useCallback<OneWork['instead']>((work) => {
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
  const stop = useCallback(() => {
    life.current.abort();
    setBusy(false);
  }, []);
  useEffect(() => () => life.current.abort(), []);
  return { isBusy, instead, stop };
}
