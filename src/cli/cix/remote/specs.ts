import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { ok } from '../../../base/result.ts';

import type { Result } from '../../../base/result.ts';
import type { Settings } from '../../settings.ts';
import type { RemoteFailure, RemoteServer } from '../../remote/remote-server.ts';
import type { GivenVariables } from '../../variables.ts';
import type { World } from '../../world.ts';
import type { LoadFlags } from '../options.ts';

/** A file of a chain as a server is told of it. */
export interface Spec {
  readonly yamlPath: string;
}

/** What a server is told of each file of a chain, its plugins being there already. */
export async function specsOf(
  { links, plugins, given }: Settings,
  { workspace, pullPolicy }: Pick<LoadFlags, 'workspace' | 'pullPolicy'>,
  server: RemoteServer,
  { cwd }: World,
): Promise<Result<readonly Spec[], RemoteFailure>> {
  const pathOf = (path: string): string => {
    const here = resolve(cwd, path);
    return server.place.isHere && existsSync(here) ? here : path;
  };
  const ids = await addPlugins(plugins.map(pathOf), server);
  if (!ids.ok) return ids;
  return ok(
    links.map(({ file, role }) => ({
      yamlPath: pathOf(file),
      type: role === 'teardown' ? 'teardown' : 'standard',
      environment: environmentOf(given),
      plugins: ids.value.map((id) => ({ id })),
      ...(workspace !== undefined && { workspace: pathOf(workspace) }),
      ...(pullPolicy && { defaultPullPolicy: pullPolicy }),
    })),
  );
}

const environmentOf = ({ named }: GivenVariables) => [
  ...[...named.variables].map(([name, value]) => ({ name, value, type: 'environment' })),
  ...[...named.secrets].map(([name, value]) => ({ name, value, type: 'secret' })),
];

async function addPlugins(
  paths: readonly string[],
  server: RemoteServer,
): Promise<Result<readonly string[], RemoteFailure>> {
  const ids: string[] = [];
  for (const pluginPath of paths) {
    const added = await server.post('/api/plugin', { pluginPath });
    if (!added.ok) return added;
    ids.push((added.value as { id: string }).id);
  }
  return ok(ids);
}
