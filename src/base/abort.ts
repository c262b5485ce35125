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
