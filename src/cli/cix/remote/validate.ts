import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { exitCode } from '../../exit-code.ts';
import { readSettings } from '../../settings.ts';
import { askServer } from './ask-server.ts';
import { environmentOf } from './load.ts';

import type { World } from '../../world.ts';
import type { PipelineFlags, ServerFlags } from '../options.ts';

/** `cix validate --remote`: has a server find every mistake in files. */
export async function validateRemotely(
  flags: PipelineFlags & ServerFlags,
  world: World,
): Promise<number> {
  const asking = askServer(flags, world);
  if (!asking.ok) return asking.failure;
  const { server, complain } = asking.value;
  const settings = await readSettings([], flags, world, { ask: false });
  if (!settings.ok) return settings.failure;
  const { links, given } = settings.value;
  let code: number = exitCode.ok;
  for (const file of new Set(links.map((link) => link.file))) {
    const here = resolve(world.cwd, file);
    const checked = await server.post('/api/validate/pipeline/full', {
      yamlPath: server.place.isHere && existsSync(here) ? here : file,
      environment: environmentOf(given),
      ...(flags.workspace !== undefined && { workspace: flags.workspace }),
    });
    if (checked.ok) {
      world.stdout.write(`${file}: valid\n`);
      continue;
    }
    code = complain(checked.failure);
    if (code === exitCode.server) return code;
  }
  return code;
}
