import { useEffect, useReducer } from 'react';

/** The time, told anew so often while it is wanted, and whenever something else is. */
export function useNow(everyMs: number, isWanted = true): number {
  const [, tick] = useReducer((ticks: number) => ticks + 1, 0);
  useEffect(() => {
    if (!isWanted) return;
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, isWanted]);
  return Date.now();
}
