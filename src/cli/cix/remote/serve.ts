import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

import { makeFolder } from '../../../journal/state-dir.ts';
import { serverDirOf } from '../../../server/where.ts';
import { complain, warn } from '../../complain.ts';
import { exitCode } from '../../exit-code.ts';
import { stateDirOf } from '../../world.ts';
import { codeFromCix } from '../exit-code.ts';
import { defaultPort } from '../options.ts';

import type { World } from '../../world.ts';
import type { CommonFlags } from '../options.ts';

export interface ServeFlags extends CommonFlags {
  readonly port?: string;
  readonly workspace?: string;
  readonly detach?: boolean;
  readonly configfile?: string;
  readonly logging?: string;
  readonly logname?: string;
  readonly loggingPath?: string;
}

/** `cix server`: what `continuo server` does, on this machine's loopback. */
export async function serve(flags: ServeFlags, world: World): Promise<number> {
  const { port = defaultPort(world), workspace, configfile, logging, logname, loggingPath } = flags;
  if ((logging ?? logname ?? loggingPath) !== undefined)
    warn(world, flags, 'a server keeps all logs by itself: `continuo logs` shows them');
  if (configfile !== undefined)
    warn(world, flags, '--configfile: what it says is given with `cix load` and `cix exec`');
  if (flags.detach === true) return detach({ ...flags, port }, world);
  const { server } = await import('../../commands/server.ts');
  const place = { host: '127.0.0.1', port, keepRuns: '10000' };
  return server({ ...flags, ...place, ...(workspace !== undefined && { workspace }) }, world);
}

const welcomed = 'Ctrl-C ends the server';

/** Leaves a server running, and says where once it listens. */
async function detach(
  { port, workspace, ...flags }: ServeFlags & { readonly port: string },
  world: World,
): Promise<number> {
  const folder = serverDirOf(stateDirOf(undefined, world));
  const path = join(folder, 'server.log');
  let log: number;
  try {
    makeFolder(folder);
    log = openSync(path, 'a', 0o600);
  } catch (error) {
    complain(world, flags, `cannot write ${path}: ${(error as Error).message}`);
    return exitCode.unavailable;
  }
  const args = ['server', '--port', port, ...(workspace === undefined ? [] : ['-w', workspace])];
  const child = spawn(process.execPath, [process.argv[1]!, ...args], {
    cwd: world.cwd,
    env: { ...world.env },
    stdio: ['ignore', 'pipe', log],
    detached: true,
  });
  closeSync(log);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let said = '';
  for await (const text of child.stdout!.setEncoding('utf8')) {
    said += String(text);
    if (said.includes(welcomed)) break;
  }
  if (!said.includes(welcomed)) {
    const [code] = await ended;
    complain(world, flags, `the server has ended at once; ${path} tells why`);
    return code === null ? exitCode.unavailable : codeFromCix(code);
  }
  child.unref();
  const before = said.slice(0, said.indexOf(welcomed));
  world.stdout.write(
    `${before}\`kill ${child.pid ?? ''}\` ends the server; what it says is in ${path}\n`,
  );
  return exitCode.ok;
}
