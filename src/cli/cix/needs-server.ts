import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';

import type { World } from '../world.ts';
import type { CommonFlags } from './options.ts';

/** Says that something cannot be had before there is a server. */
export function needsServer(what: string, flags: CommonFlags, world: World): number {
  complain(
    world,
    flags,
    `${what} needs the server, which is not part of this version yet; \`cix exec\` runs pipelines without one`,
  );
  return exitCode.server;
}
