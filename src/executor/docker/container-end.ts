import { setTimeout as delay } from 'node:timers/promises';

import { askAgain, messageOf, patienceMs, statusOf } from './asking.ts';

import type Docker from 'dockerode';

/** How a container's main process ended, as the engine tells it. */
export type ContainerEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly wasUnwatched: boolean }
  | { readonly kind: 'removed' }
  | { readonly kind: 'unknown'; readonly detail: string };

/**
 * Waits for the end of a container that was started, however long that takes and however often the
 * connection breaks; not when `released` aborts.
 */
export async function endOf(
  docker: Docker,
  container: Docker.Container,
  released: AbortSignal,
): Promise<ContainerEnd> {
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    const end =
      (await wait(container, released)) ?? (await endUnwatched(docker, container, released));
    if (end) return end;
    await delay(pauseMs, undefined, { signal: released }).catch(() => undefined);
  }
}

const letGo: ContainerEnd = { kind: 'unknown', detail: 'it was let go' };

/** Nothing when the connection broke. */
async function wait(
  container: Docker.Container,
  released: AbortSignal,
): Promise<ContainerEnd | undefined> {
  try {
    const waited = (await container.wait({ abortSignal: released })) as { StatusCode: number };
    return { kind: 'exited', code: waited.StatusCode, wasUnwatched: false };
  } catch (error) {
    if (statusOf(error) === 404) return { kind: 'removed' };
    return released.aborted ? letGo : undefined;
  }
}

/** How it ended while nobody watched. Nothing when it has not. */
async function endUnwatched(
  docker: Docker,
  container: Docker.Container,
  released: AbortSignal,
): Promise<ContainerEnd | undefined> {
  try {
    const look = (late: AbortSignal) => container.inspect({ abortSignal: late });
    const { State } = await askAgain(docker, look, patienceMs, released);
    if (State.Running) return undefined;
    // An engine that was killed just then may not have written down that it had started it.
    if (State.Status === 'created')
      return { kind: 'unknown', detail: 'the container engine knows nothing of its start' };
    return { kind: 'exited', code: State.ExitCode, wasUnwatched: true };
  } catch (error) {
    if (statusOf(error) === 404) return { kind: 'removed' };
    if (released.aborted) return letGo;
    const detail = `the container engine does not answer: ${messageOf(error)}`;
    return { kind: 'unknown', detail };
  }
}
