import { processTable } from '../common/process-table.ts';
import { holdersOf, listenersOn } from '../common/sockets.ts';

import type Docker from 'dockerode';
import type { ProcessRef } from '../executor.ts';

/**
 * Who has a port of the engine's machine: a container of the engine that publishes it, or, where that is
 * this machine, a process. `undefined` when it cannot be seen; never rejects.
 */
export async function portHolder(
  docker: Docker,
  port: number,
  isHere: boolean,
): Promise<ProcessRef | undefined> {
  try {
    const filters = { publish: [String(port)], status: ['running'] };
    const [container] = await docker.listContainers({ filters });
    if (container) return { pid: 0, command: `container ${nameOf(container.Names)}` };
  } catch {
    // Whose it is may still be seen here.
  }
  if (!isHere) return undefined;
  const [pid] = holdersOf(await listenersOn(port)).holding;
  return pid === undefined ? undefined : { pid, command: processTable.commandOf(pid) };
}

const nameOf = ([name = '']: readonly string[]): string => name.replace(/^\//, '');
