import { exitCode } from '../../exit-code.ts';
import { readSettings } from '../../settings.ts';
import { askServer, codeOfAll } from './ask-server.ts';
import { specsOf } from './specs.ts';

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
  const specs = await specsOf(settings.value, flags, server, world);
  if (!specs.ok) return complain(specs.failure);
  const files = new Map(
    settings.value.links.map(({ file }, index) => [file, specs.value[index]!] as const),
  );
  const codes: number[] = [];
  for (const [file, spec] of files) {
    const checked = await server.post('/api/validate/pipeline/full', spec);
    if (checked.ok) {
      world.stdout.write(`${file}: valid\n`);
      continue;
    }
    codes.push(complain(checked.failure));
    if (codes.at(-1) === exitCode.server) break;
  }
  return codeOfAll(codes);
}
