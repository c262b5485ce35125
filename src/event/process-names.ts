import type { ProcessRef } from '../executor/executor.ts';

const most = 3;

/**
 * Processes as a person would look for them: `sleep 100 (pid 12), node x.js (pid 13) and 2 more`. What
 * has no number here, such as a container, is named without.
 */
export function processNames(processes: readonly ProcessRef[]): string {
  const shown = processes
    .slice(0, most)
    .map(({ command, pid }) => (pid === 0 ? command : `${command} (pid ${pid})`));
  const more = processes.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
