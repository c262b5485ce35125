import { setTimeout as delay } from 'node:timers/promises';

import { fateOf } from '../../src/executor/common/owner.ts';
import { labelled, withoutMiscounted } from '../../test/rig/docker-labelled.ts';

import type Docker from 'dockerode';
import type { Owner } from '../../src/executor/common/owner.ts';
import type { Labelled } from '../../test/rig/docker-labelled.ts';

/**
 * What runs of Continuo made on the engine since `sinceMs`, what nobody looks after any more, and
 * what is still there after ten seconds in which a watchdog could have removed it.
 */
export async function leftOnEngine(docker: Docker, sinceMs: number): Promise<readonly Labelled[]> {
  const made = async () =>
    [...(await labelled(docker, 'continuo.run')), ...(await anonymousVolumes(docker))]
      // An engine tells when a container was made in whole seconds.
      .filter(({ createdMs, labels }) => createdMs >= sinceMs - 1_000 && !hasOwner(labels));
  const deadline = performance.now() + 10_000;
  let left = await made();
  while (left.length > 0 && performance.now() < deadline) {
    await delay(100);
    const now = new Set((await made()).map(({ id }) => id));
    left = left.filter(({ id }) => now.has(id));
  }
  return withoutMiscounted(docker, left);
}

/** Removes it, so that the next run starts clean: containers first, which hold the others. */
export async function removeFromEngine(left: readonly Labelled[]): Promise<void> {
  for (const each of left)
    await each.remove().catch((error: unknown) => {
      console.error(`${each.kind} ${each.name} cannot be removed: ${String(error)}`);
    });
}

/** Somebody else uses the engine meanwhile, such as another test run. */
function hasOwner(labels: Labelled['labels']): boolean {
  const owner = labels['continuo.owner'];
  return owner !== undefined && fateOf(JSON.parse(owner) as Owner) !== 'dead';
}

/** Those that an image asked for and that no container uses: they carry none of our labels. */
async function anonymousVolumes(docker: Docker): Promise<readonly Labelled[]> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { dangling: ['true'] } });
  return ((volumes as typeof volumes | null) ?? [])
    .filter(({ Name }) => /^[0-9a-f]{64}$/.test(Name))
    .map((volume) => ({
      kind: 'volume',
      id: volume.Name,
      name: volume.Name,
      labels: {},
      createdMs: Date.parse((volume as { CreatedAt?: string }).CreatedAt ?? ''),
      remove: () => Promise.reject(new Error('it may be somebody else’s')),
    }));
}
