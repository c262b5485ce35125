import { useEffect, useState } from 'react';

import { askJson } from '../api/ask.ts';

import type { ListedRun, RunList } from '../api/wire.ts';

/** The runs that are remembered. */
export function useRuns(): { readonly runs: readonly ListedRun[] } {
  const [runs, setRuns] = useState<readonly ListedRun[]>([]);
  useEffect(() => {
    const life = new AbortController();
    void askJson<RunList>('/api/v1/runs', { signal: life.signal }).then(
      (asked) => asked.ok && setRuns(asked.value.runs),
      () => undefined,
    );
    return () => life.abort();
  }, []);
  return { runs };
}
