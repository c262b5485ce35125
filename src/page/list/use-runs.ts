import { useEffect, useState } from 'react';

import { isForGood } from '../api/ask.ts';
import { useVisible } from '../look/use-visible.ts';
import { fetchRuns } from './fetch-runs.ts';

import type { Refusal } from '../api/ask.ts';
import type { FoundRuns, Wanted } from './fetch-runs.ts';

export interface SeenRuns {
  /** Absent: nothing was told yet. */
  readonly found?: FoundRuns;
  readonly trouble?: Refusal;
}

const everyMs = 1_500;

/**
 * The runs that are wanted, as they are now. Asked for again and again, since a stream of the list would cost a
 * browser one of the six connections that it has for a server, and each answer is a few kilobytes.
 */
export function useRuns({ outcome, name, count }: Wanted): SeenRuns {
  const [seen, setSeen] = useState<SeenRuns>({});
  const isVisible = useVisible();
  useEffect(() => {
    if (!isVisible) return;
    const life = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      const asked = await fetchRuns({ outcome, name, count }, life.signal);
      if (life.signal.aborted) return;
      if (asked.ok) setSeen({ found: asked.value });
      else setSeen(({ found }) => ({ ...(found && { found }), trouble: asked.failure }));
      if (asked.ok || !isForGood(asked.failure)) timer = setTimeout(again, everyMs);
    };
    // It rejects only when nobody wants to know any more.
    const again = (): void => void look().catch(() => undefined);
    again();
    return () => {
      life.abort();
      clearTimeout(timer);
    };
  }, [outcome, name, count, isVisible]);
  return seen;
}
