import type { Result } from '../../../base/result.ts';
import type { RemoteFailure, RemoteServer } from '../../remote/remote-server.ts';
import type { ServerFlags } from '../options.ts';

/** Which pipeline of a server is meant. */
export interface WhichFlags extends ServerFlags {
  readonly pipelineId?: string;
  readonly pipelineAlias?: string;
}

/** What CIX says when nobody says which. */
export const usingLatest = 'No pipeline ID or alias provided, using "latest" alias.';

export const isLatest = ({ pipelineId, pipelineAlias }: WhichFlags): boolean =>
  pipelineId === undefined && pipelineAlias === undefined;

/** The id of the pipeline that is meant: the latest, where nothing is said. */
export async function idOf(
  { pipelineId, pipelineAlias }: WhichFlags,
  server: RemoteServer,
): Promise<Result<string, RemoteFailure>> {
  const wanted = pipelineId ?? pipelineAlias ?? 'latest';
  const path =
    pipelineId === undefined
      ? `/api/pipeline/alias/${encodeURIComponent(wanted)}`
      : `/api/v1/runs/${encodeURIComponent(wanted)}`;
  const found = await server.get(path);
  return found.ok ? { ok: true, value: (found.value as { id: string }).id } : found;
}
