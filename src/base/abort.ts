/**
 * Whether a signal has aborted by now. Asked through a function because the compiler takes
 * `signal.aborted` for what it was before an `await`.
 */
export const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** Settles when `signal` aborts, and is let go of when `decided` does. */
export function waitForAbort(signal: AbortSignal, decided: AbortSignal): Promise<'aborted'> {
  const { promise, resolve } = Promise.withResolvers<'aborted'>();
  if (signal.aborted) resolve('aborted');
  signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: decided });
  return promise;
}

/**
 * Waits for `work`, and rejects as soon as `signal` aborts: for what cannot be interrupted, and of
 * which nothing is left to be closed should it still come.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const leave = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
