import { exitCode } from '../../exit-code.ts';
import { nameOf } from '../../world.ts';
import { askServer } from './ask-server.ts';
import { consoleLog } from './log.ts';
import { idOf } from './which.ts';

import type { World } from '../../world.ts';
import type { WhichFlags } from './which.ts';

/** `cix kill`: ends a pipeline, cleaned up. */
export async function kill(flags: WhichFlags, world: World): Promise<number> {
  const asking = askServer(flags, world);
  if (!asking.ok) return asking.failure;
  const { server, complain } = asking.value;
  const id = await idOf(flags, server);
  if (!id.ok) return complain(id.failure);
  const by = nameOf(world);
  const done = await server.post(`/api/v1/runs/${id.value}/commands`, { do: 'kill', by });
  if (!done.ok) return complain(done.failure);
  consoleLog(flags, world)('info', `Killing pipeline ${id.value}.`);
  return exitCode.ok;
}
