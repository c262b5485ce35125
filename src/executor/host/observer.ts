import type { ProcessTree } from './process-tree.ts';

const everyMs = 200;
/** No more than this part of the time goes into looking. */
const share = 0.02;

const observed = new Set<ProcessTree>();
let timer: NodeJS.Timeout | undefined;

/**
 * Has a tree look at its members now and then. A process that cuts all its ties later (a daemon
 * that forks twice and overwrites its environment) is then known from before. The result ends it.
 */
export function observe(tree: ProcessTree): () => void {
  observed.add(tree);
  if (!timer) lookIn(everyMs);
  return () => observed.delete(tree);
}

function lookIn(ms: number): void {
  timer = setTimeout(() => {
    timer = undefined;
    if (observed.size === 0) return;
    const start = performance.now();
    for (const tree of observed) tree.members();
    lookIn(Math.max(everyMs, (performance.now() - start) / share));
  }, ms).unref();
}
