/**
 * Whether a signal has aborted by now. Asked through a function because the compiler takes
 * `signal.aborted` for what it was before an `await`.
 */
export const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;
