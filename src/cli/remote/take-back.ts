import type { RemoteFailure, RemoteServer } from './remote-server.ts';

/** What became of the runs of a chain that is not to be. */
export interface TakenBack {
  /** Those that have ended without having begun. */
  readonly taken: readonly string[];
  /** Those that may be there all the same. */
  readonly left: readonly string[];
}

/** What is told when nothing is left. */
export const isTakenBack = 'what was ordered is taken back, and nothing of it begins';

/**
 * Ends the runs of a chain of which nothing has begun, the last one first: a teardown begins when what it waits for ends.
 * One that the server has taken, though the answer to that was lost, is among them: it has their `ticket`.
 */
export async function takeBack(
  server: RemoteServer,
  ordered: readonly string[],
  ticket?: string,
): Promise<TakenBack> {
  const found = ticket === undefined ? [] : await loadedWith(ticket, server);
  const left = [...ordered, ...found.filter((id) => !ordered.includes(id))];
  const taken: string[] = [];
  for (const id of left.toReversed()) {
    const command = { do: 'kill', by: 'what it belongs to' };
    const ended = await server.post(`/api/v1/runs/${id}/commands`, command);
    if (!ended.ok && !isOver(ended.failure)) break;
    taken.unshift(left.pop()!);
  }
  return { taken, left };
}

/** The oldest comes first. */
async function loadedWith(ticket: string, server: RemoteServer): Promise<readonly string[]> {
  const told = await server.get('/api/v1/runs?outcome=loaded&limit=1000');
  if (!told.ok) return [];
  const { runs } = told.value as { readonly runs: readonly { id: string; ticket?: string }[] };
  return runs
    .filter((run) => run.ticket === ticket)
    .map(({ id }) => id)
    .reverse();
}

const isOver = (failure: RemoteFailure): boolean =>
  failure.kind === 'refused' && failure.word === 'run-over';
