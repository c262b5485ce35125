import { setTimeout as delay } from 'node:timers/promises';

/** So long an engine that does not answer is asked again: it may be starting anew. */
export const patienceMs = 60_000;

/** The HTTP status of an engine's refusal. `undefined`: it has not answered, and nobody knows what it did. */
export const statusOf = (error: unknown): number | undefined =>
  (error as { statusCode?: number } | undefined)?.statusCode;

/** Whether the engine refuses to make what there is already. Podman has no status of its own for that. */
export const isTaken = (error: unknown): boolean =>
  statusOf(error) === 409 ||
  (statusOf(error) === 500 && /already (exists|in use)/.test(messageOf(error)));

/** What the engine said, without what its client puts around it. */
export function messageOf(error: unknown): string {
  const { json, message } = error as { json?: { message?: string } | null; message: string };
  return (json?.message ?? message).trim();
}

/** Asks until the engine answers, for what may be asked twice. Throws its refusal, or why it is silent. */
export async function askAgain<T>(ask: () => Promise<T>, patience = patienceMs): Promise<T> {
  const until = performance.now() + patience;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    try {
      return await ask();
    } catch (error) {
      if (statusOf(error) !== undefined || performance.now() >= until) throw error;
      await delay(pauseMs);
    }
  }
}

/** Asks again and again; what is not there, or is being removed already, is as good as done. */
export async function askToRemove(ask: () => Promise<unknown>, patience?: number): Promise<void> {
  await askAgain(async () => {
    try {
      await ask();
    } catch (error) {
      const status = statusOf(error);
      if (status !== 404 && status !== 409 && status !== 304) throw error;
    }
  }, patience);
}
