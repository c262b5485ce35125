import { nameOf } from '../world.ts';

import type { Result } from '../../base/result.ts';
import type { World } from '../world.ts';
import type { RemoteFailure, RemoteServer } from './remote-server.ts';

/**
 * Has the first run of a chain begin. The answer alone may be lost: a chain that has begun is no failure, and goes on, so
 * that its teardown runs.
 */
export async function beginChain(
  server: RemoteServer,
  first: string,
  world: World,
): Promise<Result<unknown, RemoteFailure>> {
  const asked = await server.post(`/api/v1/runs/${first}/commands`, {
    ...{ do: 'resume', to: 'all', by: nameOf(world) },
  });
  return asked.ok || !(await hasBegun(first, server)) ? asked : { ok: true, value: undefined };
}

async function hasBegun(run: string, server: RemoteServer): Promise<boolean> {
  const told = await server.get(`/api/v1/runs/${run}`);
  return told.ok && (told.value as { outcome?: string }).outcome !== 'loaded';
}
