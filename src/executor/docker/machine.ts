import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Endpoint } from './endpoint.ts';

/**
 * The name or address by which this machine reaches the one that an engine is on. A virtual machine on
 * this one passes its ports on to it.
 */
export async function machineOf(endpoint: Endpoint): Promise<string> {
  if (endpoint.kind === 'socket') return 'localhost';
  const host = endpoint.kind === 'ssh' ? await hostNameOf(endpoint.host) : endpoint.host;
  return /^(127\.|::1$)/.test(host) ? 'localhost' : host;
}

/** What the person's configuration of ssh says that a host is called. */
async function hostNameOf(host: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('ssh', ['-G', '--', host]);
    return /^hostname (.+)$/m.exec(stdout)?.[1] ?? host;
  } catch {
    return host;
  }
}
