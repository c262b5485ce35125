import { normalize } from 'node:path';

import { isAddress } from '../../base/is-address.ts';
import { fail, ok } from '../../base/result.ts';
import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { yamlFilesIn } from '../harness-folder.ts';
import { sourceReader } from '../source-reader.ts';
import { tellDiagnostics } from '../tell-diagnostics.ts';

import type { Result } from '../../base/result.ts';
import type { Settings } from '../settings.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

/**
 * What a server is sent of the files that go with a pipeline: their texts, by the names that the command line has for
 * them, so that it need not have them itself. The failure is an exit code, and its reason has been told.
 */
export async function textsHere(
  { plugins, harness, given }: Settings,
  flags: ColorFlags,
  world: World,
): Promise<Result<Readonly<Record<string, string>>, number>> {
  const templates = await templatesHere(harness.templates, world);
  if (!templates.ok) {
    complain(world, flags, `--templates ${harness.templates ?? ''}: ${templates.failure}`);
    return fail(exitCode.usage);
  }
  const { connectors } = harness;
  const files = [
    ...plugins,
    ...harness.files,
    ...templates.value,
    ...(connectors === undefined ? [] : [connectors]),
  ].filter((file) => !isAddress(file));
  const read = sourceReader(world, { secrets: given.secrets });
  const texts: Record<string, string> = {};
  for (const at of new Set(files)) {
    const source = await read({ at });
    if (!source.ok) {
      tellDiagnostics([source.failure], () => undefined, flags, world);
      return fail(exitCode.invalid);
    }
    texts[at] = source.value.text;
  }
  return ok(texts);
}

/** A folder of templates as a server is told its name. */
export const folderName = (folder: string): string => normalize(`${folder}/.`);

async function templatesHere(
  folder: string | undefined,
  { cwd }: World,
): Promise<Result<readonly string[], string>> {
  if (folder === undefined) return ok([]);
  try {
    const found = await yamlFilesIn(folderName(folder), { cwd });
    return found.length === 0 ? fail('no template lies there') : ok(found);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return fail(code === 'ENOENT' ? 'there is no such folder' : message);
  }
}
