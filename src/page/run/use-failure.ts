import { useEffect, useState } from 'react';

import { askJson } from '../api/ask.ts';
import { runPath } from '../api/wire.ts';

import type { Explanation } from '../../report/describe.ts';

/** The end of what one step or service said. */
export interface Said {
  readonly task: string;
  readonly name: string;
  readonly lines: readonly string[];
  readonly cut: boolean;
}

/** What there is to read about a failure, as the server tells it. */
export interface ToldFailure {
  readonly cause?: Explanation;
  readonly steps: readonly Said[];
  readonly services: readonly Said[];
}

/** The failure of a run, once there is one; told anew when the run ends that was paused at it. */
export function useFailure(
  run: string,
  state: 'paused' | 'ended' | undefined,
): ToldFailure | undefined {
  const [failure, setFailure] = useState<ToldFailure>();
  useEffect(() => {
    if (state === undefined) return;
    const life = new AbortController();
    void askJson<ToldFailure>(runPath(run, '/failure'), { signal: life.signal }).then(
      (asked) => asked.ok && setFailure(asked.value),
      () => undefined,
    );
    return () => life.abort();
  }, [run, state]);
  return state === undefined ? undefined : failure;
}
