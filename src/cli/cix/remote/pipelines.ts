import { exitCode } from '../../exit-code.ts';
import { askServer } from './ask-server.ts';
import { consoleLog } from './log.ts';
import { idOf, isLatest, usingLatest } from './which.ts';

import type { Result } from '../../../base/result.ts';
import type { RemoteFailure, RemoteServer } from '../../remote/remote-server.ts';
import type { World } from '../../world.ts';
import type { WhichFlags } from './which.ts';

export interface PipelinesFlags extends WhichFlags {
  readonly getAlias?: string;
  readonly setAlias?: string;
  readonly status?: boolean;
}

/** `cix pipelines`: lists the pipelines of a server, or tells of one, or gives one an alias. */
export async function pipelines(flags: PipelinesFlags, world: World): Promise<number> {
  const asking = askServer(flags, world);
  if (!asking.ok) return asking.failure;
  const { server, complain } = asking.value;
  const log = consoleLog(flags, world);
  if (flags.status === true && isLatest(flags)) log('warn', usingLatest);
  const told = await ask(flags, server);
  if (!told.ok) return complain(told.failure);
  for (const line of told.value) log('info', line);
  return exitCode.ok;
}

/** What there is to be said. */
async function ask(
  { getAlias, setAlias, status, ...flags }: PipelinesFlags,
  server: RemoteServer,
): Promise<Result<readonly string[], RemoteFailure>> {
  if (getAlias !== undefined) {
    const found = await idOf({ pipelineAlias: getAlias }, server);
    return found.ok ? { ok: true, value: [`${getAlias} -> ${found.value}`] } : found;
  }
  if (setAlias !== undefined) {
    const id = encodeURIComponent(flags.pipelineId ?? '');
    const done = await server.post(`/api/v1/runs/${id}/aliases`, { alias: setAlias });
    return done.ok ? { ok: true, value: [] } : done;
  }
  if (status !== true) return list(server);
  const id = await idOf(flags, server);
  if (!id.ok) return id;
  const found = await server.get(`/api/pipeline/${id.value}/status`);
  if (!found.ok) return found;
  const told = JSON.stringify((found.value as { status: string }).status);
  return { ok: true, value: [`Pipeline Status: ${told}`] };
}

async function list(server: RemoteServer): Promise<Result<readonly string[], RemoteFailure>> {
  const ids = await server.get('/api/pipeline');
  if (!ids.ok) return ids;
  const latest = await idOf({}, server);
  const named = await server.get('/api/v1/aliases');
  if (!named.ok) return named;
  const { aliases } = named.value as { aliases: readonly { alias: string; run: string }[] };
  const unbegun = await server.get('/api/v1/runs?outcome=loaded&limit=1000');
  if (!unbegun.ok) return unbegun;
  const { runs } = unbegun.value as { runs: readonly { id: string; after?: string }[] };
  const whenOf = new Map(
    runs.map(({ id, after }) => [id, after === undefined ? 'loaded' : `begins after: ${after}`]),
  );
  const lines = (ids.value as readonly string[]).flatMap((id) => {
    const when = whenOf.get(id);
    const names = aliases.filter(({ run }) => run === id).map(({ alias }) => alias);
    const all = latest.ok && id === latest.value ? ['latest', ...names] : names;
    return [
      `  - ${id}`,
      ...all.map((alias) => `    - alias: ${alias}`),
      ...(when === undefined ? [] : [`    - ${when}`]),
    ];
  });
  return { ok: true, value: ['List of pipelines:', ...lines] };
}
