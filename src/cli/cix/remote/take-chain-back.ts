import { warn } from '../../complain.ts';
import { isTakenBack, takeBack } from '../../remote/take-back.ts';

import type { World } from '../../world.ts';
import type { ServerFlags } from '../options.ts';
import type { Asking } from './ask-server.ts';

/** Ends what a server has taken of a chain that is not to be, and says so, or how the rest is ended. */
export async function takeChainBack(
  ids: readonly string[],
  { server }: Asking,
  flags: ServerFlags,
  world: World,
  ticket?: string,
): Promise<void> {
  const { taken, left } = await takeBack(server, ids, ticket);
  if (left.length > 0) warn(world, flags, mayBeLeft(left, flags));
  else if (taken.length > 0) warn(world, flags, isTakenBack);
}

function mayBeLeft(ids: readonly string[], { host, port }: ServerFlags): string {
  const at = [
    host === undefined ? '' : ` --host ${host}`,
    port === undefined ? '' : ` --port ${port}`,
  ].join('');
  const commands = ids.toReversed().map((id) => `cix kill --pipeline-id ${id}${at}`);
  return `what was ordered may still be at the server; end it with \`${commands.join('; ')}\``;
}
