import { useMemo, useRef, useState } from 'react';

import { around, moved, zoomed } from './stretch.ts';

import type { ChartLook } from './look.ts';
import type { Stretch } from './stretch.ts';

/** What is seen of a chart, and how to see something else. */
export interface SeenStretch {
  readonly seen: Stretch;
  /** All of it is seen, however long it becomes. */
  readonly isAll: boolean;
  /** Always the same one. */
  readonly look: ChartLook;
}

/** Remembers what a person looks at of a chart, which may become longer meanwhile. */
export function useStretch(lengthMs: number): SeenStretch {
  const [chosen, setChosen] = useState<Stretch>();
  const seen = chosen ?? { from: 0, to: lengthMs };
  // What listens to the wheel and to drags must not be made anew with every tick of a clock.
  const latest = useRef({ seen, lengthMs });
  latest.current = { seen, lengthMs };
  const look = useMemo((): ChartLook => {
    const see = (next: Stretch): void => {
      const length = latest.current.lengthMs;
      // There may be another turn of the wheel before this is drawn.
      latest.current = { seen: next, lengthMs: length };
      setChosen(next.to - next.from >= length ? undefined : next);
    };
    return {
      zoom: (factor, place = 0.5) => {
        const { seen: now, lengthMs: length } = latest.current;
        see(zoomed(now, factor, now.from + place * (now.to - now.from), length));
      },
      move: (part) => {
        const { seen: now, lengthMs: length } = latest.current;
        see(moved(now, part * (now.to - now.from), length));
      },
      see: (part) => see(around(part, latest.current.lengthMs)),
      all: () => setChosen(undefined),
    };
  }, []);
  return { seen, isAll: chosen === undefined, look };
}
