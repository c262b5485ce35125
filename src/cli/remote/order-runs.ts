import { resolve } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { nameOf } from '../world.ts';

import type { Result } from '../../base/result.ts';
import type { Link } from '../chain.ts';
import type { ExecFlags } from '../commands/exec.ts';
import type { Settings } from '../settings.ts';
import type { World } from '../world.ts';
import type { RemoteFailure, RemoteServer } from './remote-server.ts';

/** A run that a server has taken. */
export interface OrderedRun {
  readonly id: string;
  readonly pipeline: string;
  readonly link: Link;
}

/**
 * Has a server start the files of a chain, or load them: each begins after the one before it, the teardown in
 * any case. When one of them is refused, none is left there.
 */
export async function orderRuns(
  server: RemoteServer,
  { links, given }: Pick<Settings, 'links' | 'given'>,
  flags: ExecFlags & { readonly load: boolean },
  world: World,
): Promise<Result<readonly OrderedRun[], RemoteFailure>> {
  const ordered: OrderedRun[] = [];
  for (const link of links) {
    const after = ordered.at(-1)?.id;
    const asked = await server.post('/api/v1/runs', {
      ...placesOf(link, flags, server, world),
      variables: Object.fromEntries(given.named.variables),
      secrets: Object.fromEntries(given.named.secrets),
      executor: flags.executor ?? 'auto',
      ...(flags.pipelineAlias !== undefined &&
        link.role === 'pipeline' && { name: flags.pipelineAlias }),
      // Nothing of a chain begins before all of it is there.
      load: flags.load || links.length > 1,
      ...(after !== undefined && { after, always: link.role === 'teardown' }),
    });
    if (!asked.ok) {
      await takeBack(server, ordered);
      return asked;
    }
    const { id, pipeline } = asked.value as Omit<OrderedRun, 'link'>;
    ordered.push({ id, pipeline, link });
  }
  if (flags.load || links.length === 1) return ok(ordered);
  const begun = await server.post(`/api/v1/runs/${ordered[0]!.id}/commands`, {
    ...{ do: 'resume', to: 'all', by: nameOf(world) },
  });
  return begun.ok ? ok(ordered) : fail(begun.failure);
}

/** Whoever has the files on the machine of the server names them as we do; elsewhere, as that does. */
function placesOf(
  { file }: Link,
  { workspace }: ExecFlags,
  { place }: RemoteServer,
  { cwd }: World,
): { readonly file: string; readonly workspace?: string } {
  if (place.isHere) return { file: resolve(cwd, file), workspace: resolve(cwd, workspace ?? '.') };
  return { file, ...(workspace !== undefined && { workspace }) };
}

async function takeBack(server: RemoteServer, ordered: readonly OrderedRun[]): Promise<void> {
  for (const { id } of ordered.toReversed())
    await server.post(`/api/v1/runs/${id}/commands`, { do: 'kill', by: 'what it belongs to' });
}
