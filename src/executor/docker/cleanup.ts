import { setTimeout as delay } from 'node:timers/promises';

import { fail, ok } from '../../base/result.ts';
import { askAgain, messageOf, patienceMs, statusOf } from './asking.ts';
import { labelNames } from './labels.ts';
import { listContainers, listRooms } from './made.ts';

import type Docker from 'dockerode';
import type { Result } from '../../base/result.ts';
import type { Made } from './made.ts';

/** How much time is given to whom. */
export interface CleanUpHow {
  /** To containers after their stop signal. 0: none, and no signal. */
  readonly graceMs: number;
  /**
   * So long nothing must have turned up: what a dead run had asked of the engine is still carried
   * out. Absent: one look at nothing will do.
   */
  readonly quietMs?: number;
  /** To an engine that is silent, or with which nothing goes on. Absent: a minute. */
  readonly patienceMs?: number;
}

/**
 * Stops all containers with this label at once, removes them and their volumes without a
 * name, then networks and volumes with the label, until none is left. Safe to repeat, and to be done by
 * several at a time. The result is what there was; the failure is a sentence.
 */
export async function cleanUp(
  docker: Docker,
  label: string,
  { graceMs, quietMs = 0, patienceMs: patience = patienceMs }: CleanUpHow,
): Promise<Result<Made[], string>> {
  const seen = new Map<string, Made>();
  let before = '';
  let changedAt = performance.now();
  let pauseMs = 0;
  let failure: Error | undefined;
  for (;;) {
    const left = await askAgain(docker, () => listNext(docker, label), patience).catch(
      (error: unknown) => {
        failure = error as Error;
        return undefined;
      },
    );
    const ids = left?.map(({ id }) => id).sort();
    const isSame = ids === undefined || ids.join() === before;
    if (!isSame) {
      before = ids.join();
      changedAt = performance.now();
    }
    const unchangedMs = performance.now() - changedAt;
    const isEmpty = left?.length === 0;
    if (isEmpty && unchangedMs >= quietMs) return ok([...seen.values()]);
    const patienceLeft = failure instanceof Miscounted ? Math.min(patience, leavingMs) : patience;
    if (!isEmpty && isSame && unchangedMs >= patienceLeft)
      return fail(failure ? messageOf(failure) : 'it is still there');
    for (const each of left ?? []) seen.set(each.id, each);
    failure = (await removeAll(docker, left ?? [], graceMs)) ?? failure;
    // What is being removed by somebody else, cannot be removed yet, or may still turn up.
    pauseMs = isSame ? Math.min(pauseMs * 2 + 50, isEmpty ? 250 : 1_000) : 0;
    await delay(pauseMs);
  }
}

/**
 * Containers first, and by themselves: an engine that is busy with a network may be long in telling
 * of networks, while it does all that is asked about containers.
 */
async function listNext(docker: Docker, label: string): Promise<Made[]> {
  const containers = await listContainers(docker, label);
  return containers.length > 0 ? containers : listRooms(docker, label);
}

/** So long somebody who is just leaving a network may be counted as being in it. */
const leavingMs = 10_000;

/** Nobody is in a network that the engine does not remove, for good (moby/moby issue 42119). */
class Miscounted extends Error {}

/**
 * One attempt at all of it, in an order in which nothing holds another. Tells why something stayed,
 * and only if there is no other reason that it was miscounted.
 */
async function removeAll(
  docker: Docker,
  all: readonly Made[],
  graceMs: number,
): Promise<Error | undefined> {
  const failures: Error[] = [];
  for (const turn of ['container', 'holder', 'network', 'volume'] as const)
    await Promise.all(
      all
        .filter((made) => turnOf(made) === turn)
        .map(async (made) => {
          await remove(docker, made, graceMs).catch((error: unknown) => {
            // 404: gone meanwhile. 409: somebody else is at it.
            if (statusOf(error) !== 404) failures.push(error as Error);
          });
        }),
    );
  return failures.find((failure) => !(failure instanceof Miscounted)) ?? failures[0];
}

/** Who still has something to say before its end may need the network that another holds. */
const turnOf = ({ kind, labels }: Made): Made['kind'] | 'holder' =>
  labels[labelNames.holder] === undefined ? kind : 'holder';

async function remove(docker: Docker, made: Made, graceMs: number): Promise<void> {
  switch (made.kind) {
    case 'container':
      await removeContainer(docker.getContainer(made.id), graceMs);
      break;
    case 'network':
      await removeNetwork(docker.getNetwork(made.id));
      break;
    case 'volume':
      await docker.getVolume(made.id).remove({ abortSignal: late() });
  }
}

async function removeContainer(container: Docker.Container, graceMs: number): Promise<void> {
  // The engine's list does not know what is just being started. This waits for it: to remove it
  // meanwhile would leave its process behind.
  const { State } = await container.inspect({ abortSignal: late() });
  if (graceMs > 0 && State.Running)
    await container
      .stop({ t: Math.ceil(graceMs / 1_000), abortSignal: late(graceMs) })
      // What is not stopped is killed.
      .catch(() => undefined);
  await container.remove({ force: true, v: true, abortSignal: late() });
}

async function removeNetwork(network: Docker.Network): Promise<void> {
  try {
    await network.remove({ abortSignal: late() });
  } catch (error) {
    // Somebody is still in it: a stranger, or one whom a crash of the engine has left there.
    if (statusOf(error) !== 403) throw error;
    const { Containers } = (await network.inspect()) as { Containers?: object | null };
    const inside = Object.keys(Containers ?? {});
    // Unless somebody is just leaving.
    if (inside.length === 0)
      throw new Miscounted(`${messageOf(error)}, but names none: a restart of the engine helps`, {
        cause: error,
      });
    for (const Container of inside)
      await network.disconnect({ Container, Force: true, abortSignal: late() });
    await network.remove({ abortSignal: late() });
  }
}

/** An engine may hang, too. */
const late = (moreMs = 0): AbortSignal => AbortSignal.timeout(20_000 + moreMs);
