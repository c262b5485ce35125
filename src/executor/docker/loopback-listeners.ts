import { readFileSync, readlinkSync } from 'node:fs';

import { processTable } from '../common/process-table.ts';
import { allListeners, holdersOf, listenersOn, portsIn } from '../common/sockets.ts';

import type { Listener } from '../common/sockets.ts';
import type { Listening, ProcessRef } from '../executor.ts';

/**
 * Who listens on the port in the network that a process is in. `undefined` when nobody does, or when
 * it cannot be seen.
 */
export async function listenerAmong(port: number, pid: number): Promise<ProcessRef | undefined> {
  const listeners = await listenersOn(port, pid);
  if (listeners.length === 0) return undefined;
  const [holding] = holdersOf(listeners).holding;
  return holding === undefined
    ? { pid: 0, command: 'another container' }
    : { pid: holding, command: processTable.commandOf(holding) };
}

/** Whether it is the container with this main process that listens on the port of its network. */
export async function listeningAmong(port: number, pid: number): Promise<Listening> {
  const own = containerOf(pid);
  if (own === undefined) return { by: 'unknown' };
  const listeners = await listenersOn(port, pid);
  if (listeners.length === 0) return { by: 'nobody' };
  const { holding } = holdersOf(listeners);
  if (holding.some((each) => containerOf(each) === own)) return { by: 'task' };
  const [first] = holding;
  if (first === undefined) return { by: 'unknown' };
  return { by: 'stranger', stranger: { pid: first, command: processTable.commandOf(first) } };
}

/** The ports that the container with this main process listens on. `undefined` when it cannot be seen. */
export async function portsAmong(
  pid: number,
  container: string,
): Promise<readonly number[] | undefined> {
  const own = containerOf(pid);
  // Of an engine elsewhere, or in a machine of its own, the number is somebody else's here.
  if (own === undefined || !groupsOf(pid).includes(container)) return undefined;
  const isOwn = (listener: Listener): boolean =>
    holdersOf([listener]).holding.some((each) => containerOf(each) === own);
  return portsIn((await allListeners(pid)).filter(isOwn));
}

/** The control groups that a process is in, which engines call by the container's id. */
function groupsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'latin1');
  } catch {
    return '';
  }
}

/** What a process has in common with all others of its container, and with no others. */
function containerOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    // It has ended, or we may not know.
    return undefined;
  }
}
