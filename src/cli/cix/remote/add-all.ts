import { fail, ok } from '../../../base/result.ts';

import type { Result } from '../../../base/result.ts';
import type { RemoteFailure, RemoteServer } from '../../remote/remote-server.ts';

/** Why a server has not taken all of a chain. */
export interface NotAdded {
  readonly why: RemoteFailure;
  /** Those that were added before. */
  readonly before: readonly string[];
}

/** Has a server take pipelines, each of which begins after the one before it. Answers their ids. */
export async function addAll(
  specs: readonly object[],
  server: RemoteServer,
): Promise<Result<readonly string[], NotAdded>> {
  const before: string[] = [];
  for (const spec of specs) {
    const added = await server.post('/api/pipeline', spec);
    if (!added.ok) return fail({ why: added.failure, before });
    const { id } = added.value as { id: string };
    const last = before.at(-1);
    before.push(id);
    if (last === undefined) continue;
    const linked = await server.get(`/api/pipeline/${last}/link/${id}`);
    if (!linked.ok) return fail({ why: linked.failure, before });
  }
  return ok(before);
}
