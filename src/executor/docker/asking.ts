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

/** Whether a process ended while Podman read of it: then it refuses to tell anything of its container. */
const hasEndedMidway = (error: unknown): boolean =>
  statusOf(error) === 500 && /\/proc\/\d+\/\S*: no such process/.test(messageOf(error));

/** So long an answer may take that is to come at once. An engine may hang, too. */
const answerMs = 120_000;
/** And so long once nobody expects one any more. */
const lastChanceMs = 5_000;

/** Since when an engine has been silent to all who have asked. */
const silences = new WeakMap<object, number>();

/**
 * Asks until the engine answers, for what may be asked twice, with a signal that aborts when an answer
 * takes too long. Throws its refusal, or why it is silent: once it has been so to all for as long as
 * anybody's patience, everybody is told at the next try. It asks no more when `unwanted` aborts.
 */
export async function askAgain<T>(
  engine: object,
  ask: (late: AbortSignal) => Promise<T>,
  patience = patienceMs,
  unwanted?: AbortSignal,
): Promise<T> {
  const begunMs = performance.now();
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    const askedMs = performance.now();
    const isGivenUp = askedMs - (silences.get(engine) ?? askedMs) >= patience;
    try {
      const late = AbortSignal.timeout(isGivenUp ? lastChanceMs : answerMs);
      const answer = await ask(unwanted ? AbortSignal.any([late, unwanted]) : late);
      silences.delete(engine);
      return answer;
    } catch (error) {
      if (unwanted?.aborted === true) throw error;
      if (statusOf(error) !== undefined) {
        silences.delete(engine);
        if (!hasEndedMidway(error) || performance.now() - begunMs >= patience) throw error;
        await delay(pauseMs, undefined, unwanted && { signal: unwanted });
        continue;
      }
      const since = silences.get(engine) ?? askedMs;
      silences.set(engine, since);
      if (performance.now() - Math.min(since, begunMs) >= patience) throw error;
      await delay(pauseMs, undefined, unwanted && { signal: unwanted });
    }
  }
}

/** Asks again and again; what is not there, or is being removed already, is as good as done. */
export async function askToRemove(
  engine: object,
  ask: (late: AbortSignal) => Promise<unknown>,
  patience?: number,
): Promise<void> {
  const gone = async (late: AbortSignal): Promise<void> => {
    try {
      await ask(late);
    } catch (error) {
      const status = statusOf(error);
      if (status !== 404 && status !== 409 && status !== 304) throw error;
    }
  };
  await askAgain(engine, gone, patience);
}

/**
 * What is asked for, if it comes before `late` aborts; else it is asked for no more, and closed
 * should it come all the same. What came in time is not touched by `late` any more.
 */
export async function inTime<T extends { destroy(): unknown }>(
  ask: (signal: AbortSignal) => Promise<T>,
  late: AbortSignal,
): Promise<T> {
  late.throwIfAborted();
  const asking = new AbortController();
  const giveUp = Promise.withResolvers<never>();
  const onLate = (): void => {
    asking.abort(late.reason);
    giveUp.reject(late.reason as Error);
  };
  late.addEventListener('abort', onLate, { once: true });
  const coming = ask(asking.signal);
  try {
    return await Promise.race([coming, giveUp.promise]);
  } catch (error) {
    void coming.then(
      (stream) => stream.destroy(),
      () => undefined,
    );
    throw error;
  } finally {
    late.removeEventListener('abort', onLate);
  }
}
