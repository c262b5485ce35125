import { processNames } from '../event/process-names.ts';

import type { Stopped } from '../executor/executor.ts';

/** What should be said when a task is over and something of it was or is still there. */
export function leftoverWarnings({ leftBehind, survivors = [] }: Stopped): string[] {
  const gone = leftBehind.filter(({ pid }) => !survivors.some((other) => other.pid === pid));
  return [
    ...(gone.length > 0 ? [`left running, and was ended with it: ${processNames(gone)}`] : []),
    ...(survivors.length > 0
      ? [`could not be ended, and still runs: ${processNames(survivors)}`]
      : []),
  ];
}
