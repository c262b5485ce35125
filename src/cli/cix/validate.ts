import { validate as validatePipelines } from '../commands/validate.ts';
import { needsServer } from './needs-server.ts';

import type { World } from '../world.ts';
import type { PipelineFlags, RemoteFlags } from './options.ts';

export interface ValidateFlags extends PipelineFlags, RemoteFlags {}

/** `cix validate`: what `continuo validate` does. */
export async function validate(flags: ValidateFlags, world: World): Promise<number> {
  if (flags.remote === true) return needsServer('--remote', flags, world);
  return validatePipelines([], flags, world);
}
