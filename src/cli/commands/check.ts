import { join, relative } from 'node:path';
import { Readable } from 'node:stream';

import { isAddress } from '../../base/is-address.ts';
import { fail } from '../../base/result.ts';
import { isOnlyMissing } from '../../dialect/common/diagnostic.ts';
import { toPlugin } from '../../dialect/cix/read-plugin.ts';
import { codeOfMistakes, exitCode } from '../exit-code.ts';
import { sourceReader } from '../source-reader.ts';
import { tellDiagnostics } from '../tell-diagnostics.ts';
import { validate } from './validate.ts';

import type { CheckOrder } from '../../server/check.ts';
import type { World } from '../world.ts';

/** Finds every mistake in a file that a server was given, and tells them on standard error. */
export async function check(order: CheckOrder, given: World): Promise<number> {
  const { what, workspace, readsBelow, file, text, variables, secrets, plugins } = order;
  const at = file !== undefined && isAddress(file) ? file : undefined;
  const name = at ?? (file === undefined ? `${what}.yaml` : relative(workspace, file));
  const world = {
    ...given,
    cwd: workspace,
    ...(readsBelow !== undefined && { readsBelow }),
    stdin: Readable.from([JSON.stringify(secrets)]),
    ...(text !== undefined && { texts: new Map([[join(workspace, name), text]]) }),
  };
  if (what === 'plugin') return checkPlugin(name, world);
  const env = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  const flags = { env, secretsStdin: true, ordered: true, ...(plugins && { plugin: plugins }) };
  return validate([name], flags, world, (mistakes) =>
    isOnlyMissing(mistakes) ? exitCode.missing : codeOfMistakes(mistakes),
  );
}

async function checkPlugin(name: string, world: World): Promise<number> {
  const source = await sourceReader(world)({ at: name });
  const plugin = source.ok ? toPlugin(source.value) : fail([source.failure]);
  if (plugin.ok) return exitCode.ok;
  const read = source.ok ? source.value : undefined;
  tellDiagnostics(plugin.failure, () => read, {}, world);
  return exitCode.invalid;
}
