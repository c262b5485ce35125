/** What looks at the processes of this machine when it is told to. */
interface Looking {
  take(): void;
}

const everyMs = 200;
/** No more than this part of the time goes into looking. */
const share = 0.02;

const observers: Looking[] = [];
let timer: NodeJS.Timeout | undefined;

/**
 * Has somebody look now and then. A process that cuts all its ties later (a daemon that forks twice
 * and overwrites its environment) is then known from before. The result ends it.
 */
export function observe(looking: Looking): () => void {
  observers.push(looking);
  timer ??= lookIn(everyMs);
  return () => observers.splice(observers.indexOf(looking), 1);
}

function lookIn(ms: number): NodeJS.Timeout {
  return setTimeout(() => {
    timer = undefined;
    if (observers.length === 0) return;
    const start = performance.now();
    for (const looking of new Set(observers)) looking.take();
    timer = lookIn(Math.max(everyMs, (performance.now() - start) / share));
  }, ms).unref();
}
