import type { ProcessRef, Stopped } from '../executor/executor.ts';

const most = 3;

/** Processes as a person would look for them: `sleep 100 (pid 12), node x.js (pid 13) and 2 more`. */
export function processNames(processes: readonly ProcessRef[]): string {
  const shown = processes.slice(0, most).map(({ command, pid }) => `${command} (pid ${pid})`);
  const more = processes.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

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
