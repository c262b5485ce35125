import { useState } from 'react';

import { post } from '../api/ask.ts';
import { runPath } from '../api/wire.ts';

import type { RunCommand } from '../../event/run-command.ts';
import type { Refusal } from '../api/ask.ts';

type WithoutBy<T> = T extends unknown ? Omit<T, 'by'> : never;

/** What is asked of a run; who asks is a person at this page. */
export type Wish = WithoutBy<RunCommand>;

export interface Commanding {
  readonly send: (wish: Wish) => void;
  /** The answer is not there yet. */
  readonly isBusy: boolean;
  /** Why the last one was not done. */
  readonly refused: Refusal | undefined;
}

/** Asks a run for things. */
export function useCommand(run: string): Commanding {
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refusal>();
  const send = async (wish: Wish): Promise<void> => {
    setBusy(true);
    const asked = await post(runPath(run, '/commands'), { ...wish, by: 'the page' });
    setBusy(false);
    setRefused(asked.ok ? undefined : asked.failure);
  };
  return { send: (wish) => void send(wish), isBusy, refused };
}
