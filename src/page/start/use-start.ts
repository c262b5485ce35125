import { useEffect, useRef, useState } from 'react';

import { postForJson } from '../api/ask.ts';
import { hrefOf } from '../route.ts';

import type { Refusal } from '../api/ask.ts';
import type { ListedRun } from '../api/wire.ts';
import type { RunOrder } from './to-order.ts';

export interface Starting {
  readonly send: (order: RunOrder) => void;
  /** Forgets what was wrong with the last try. */
  readonly forget: () => void;
  /** The answer is not there yet. */
  readonly isBusy: boolean;
  /** Why there is no run. */
  readonly refusal: Refusal | undefined;
}

/** Has the server start a run, or load it, and goes there. */
export function useStart(onStarted: () => void): Starting {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => void (isShown.current = false);
  }, []);
  const send = async (order: RunOrder): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    const asked = await postForJson<ListedRun>('/api/v1/runs', order);
    if (!asked.ok) {
      setBusy(false);
      setRefusal(asked.failure);
      return;
    }
    onStarted();
    // Whoever looks at something else by now is left there.
    if (isShown.current) location.hash = hrefOf({ kind: 'run', run: asked.value.id });
  };
  return {
    send: (order) => void send(order),
    forget: () => setRefusal(undefined),
    ...{ isBusy, refusal },
  };
}
