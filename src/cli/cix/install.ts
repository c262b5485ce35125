import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';

import type { World } from '../world.ts';
import type { CommonFlags } from './options.ts';

export interface InstallFlags extends CommonFlags {
  readonly location?: string;
}

/**
 * Puts `cix` on the PATH. Without a location it prints a script that does it, since what CIX prints is
 * piped to a shell.
 */
export function install({ location, ...flags }: InstallFlags, world: World): number {
  if (location === undefined) {
    world.stdout.write(script);
    return exitCode.ok;
  }
  const path = join(resolve(world.cwd, location), 'cix');
  try {
    replace(path, wrapper(process.execPath, cixProgram()));
  } catch (error) {
    complain(world, flags, `cannot write ${path}: ${describe(error as NodeJS.ErrnoException)}`);
    return exitCode.unavailable;
  }
  world.stdout.write(`${path} runs this installation\n`);
  return exitCode.ok;
}

const script = `# cix is part of the npm package continuo. This puts both commands on the PATH:
npm install -g continuo
# This writes a script that runs the installation you have, to a folder on the PATH:
#   cix install --location /usr/local/bin
`;

/** `bin/cix.js` of this installation; the bundle lies in the folder beside it. */
const cixProgram = (): string => join(dirname(import.meta.dirname), 'bin', 'cix.js');

const wrapper = (node: string, program: string): string =>
  `#!/bin/sh\nexec ${quoted(node)} ${quoted(program)} "$@"\n`;

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

function describe({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such folder';
  return code === 'EACCES' || code === 'EROFS' ? 'you have no right to write there' : message;
}

/** Nobody ever finds half of it, and what a link of that name leads to is left alone. */
function replace(path: string, text: string): void {
  const fresh = `${path}.${process.pid}`;
  try {
    writeFileSync(fresh, text, { mode: 0o755, flag: 'wx' });
    renameSync(fresh, path);
  } finally {
    rmSync(fresh, { force: true });
  }
}
