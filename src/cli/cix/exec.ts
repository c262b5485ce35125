import { exec as execPipelines } from '../commands/exec.ts';
import { warn } from '../complain.ts';
import { parseCixLevel } from '../terminal/cix-level.ts';
import { cixShow } from './show.ts';

import type { World } from '../world.ts';
import type { LoadFlags, RemoteFlags } from './options.ts';

export interface ExecFlags extends LoadFlags, RemoteFlags {
  readonly nonBlocking?: boolean;
  readonly remoteLogs?: boolean;
}

/** `cix exec`: what `continuo exec` does, shown as CIX shows it; or has a server do it. */
export async function exec(flags: ExecFlags, world: World): Promise<number> {
  if (flags.remote === true) {
    const { execRemotely } = await import('./remote/exec.ts');
    return execRemotely(flags, world);
  }
  const level = world.env['LOG_LEVEL'] ?? '';
  if (level !== '' && !parseCixLevel(level))
    warn(world, flags, `LOG_LEVEL=${level}: it is none of silly, debug, info, warn, error`);
  const { host, port } = flags;
  const served = {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: Number(port) }),
  };
  return execPipelines([], { ...flags, served }, world, () => cixShow(flags, world));
}
