import { processTable } from '../common/process-table.ts';
import { toProcessRef } from './ending.ts';
import { allListeners, holdersOf, listenersOn, portsIn } from '../common/sockets.ts';

import type { Listening, ProcessRef } from '../executor.ts';
import type { Identity } from '../common/process-table.ts';
import type { Listener } from '../common/sockets.ts';

/** Programs that listen for somebody else: for a container that a task started, say. */
const forwarders = new Set([
  'docker-proxy',
  'rootlessport',
  'rootlesskit',
  'rootlesskit-doc',
  'slirp4netns',
  'pasta',
  'pasta.avx2',
  'conmon',
]);

const canSee = process.platform === 'linux';

/** Whether one of the members listens on the port, or a forwarder that came after the leader. */
export async function listeningOf(
  port: number,
  members: () => readonly Identity[],
  leader: Identity,
): Promise<Listening> {
  if (!canSee) return { by: 'unknown' };
  const all = await listenersOn(port);
  if (all.length === 0) return { by: 'nobody' };
  const local = all.filter(({ isLocal }) => isLocal);
  // A task may serve at another address of this machine, as long as nobody else has the usual one.
  const listeners = local.length > 0 ? local : all;
  const ours = holdersOf(
    listeners,
    members().map(({ pid }) => pid),
  );
  if (ours.holding.length > 0) return { by: 'task' };
  const others = holdersOf(listeners).holding;
  if (others.some((pid) => forwardsFor(pid, leader))) return { by: 'task' };
  if ((others.length === 0 || local.length === 0) && ours.unreadable.length > 0)
    return { by: 'unknown' };
  if (local.length === 0) return { by: 'nobody' };
  return { by: 'stranger', stranger: strangerOf(others, listeners) };
}

/** The ports that the members listen on. `undefined` when that cannot be found out here. */
export async function portsListenedOn(
  members: readonly Identity[],
): Promise<readonly number[] | undefined> {
  if (!canSee) return undefined;
  const pids = members.map(({ pid }) => pid);
  if (holdersOf([], pids).unreadable.length > 0) return undefined;
  const all = await allListeners();
  return portsIn(all.filter((listener) => holdersOf([listener], pids).holding.length > 0));
}

/** Who listens on the port of `localhost`. `undefined` when nobody does, or nothing can be found out here. */
export async function listenerOn(port: number): Promise<ProcessRef | undefined> {
  const listeners = canSee ? (await listenersOn(port)).filter(({ isLocal }) => isLocal) : [];
  if (listeners.length === 0) return undefined;
  return strangerOf(holdersOf(listeners).holding, listeners);
}

function forwardsFor(pid: number, leader: Identity): boolean {
  const entry = processTable.find(pid);
  return entry !== undefined && forwarders.has(entry.name) && entry.start >= leader.start;
}

function strangerOf([pid]: readonly number[], [listener]: readonly Listener[]): ProcessRef {
  if (pid !== undefined) return toProcessRef({ pid });
  // Pid 0 is nobody's: the kernel lets us see the socket, but not whose it is.
  return { pid: 0, command: `a process of the user with id ${listener?.uid ?? 0}` };
}
