import { validate as validatePipelines } from '../commands/validate.ts';

import type { World } from '../world.ts';
import type { PipelineFlags, RemoteFlags } from './options.ts';

export interface ValidateFlags extends PipelineFlags, RemoteFlags {}

/** `cix validate`: what `continuo validate` does; or has a server do it. */
export async function validate(flags: ValidateFlags, world: World): Promise<number> {
  if (flags.remote === true) {
    const { validateRemotely } = await import('./remote/validate.ts');
    return validateRemotely(flags, world);
  }
  return validatePipelines([], flags, world);
}
