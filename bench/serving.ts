import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Bench } from './bench.ts';

/** A server over a state folder of the bench, and how it is asked. */
export interface Serving extends AsyncDisposable {
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts a server; settles once it listens. */
export async function serve(bench: Bench, stateDir: string): Promise<Serving> {
  const { argv, cwd } = bench.continuo('server', '--port', '0', '--state-dir', stateDir);
  const [file, ...args] = argv;
  const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    told += String(text);
    if (told.includes('Ctrl-C')) break;
  }
  child.stdout.resume();
  const url = /http:\/\/[\d.:]+/.exec(told)?.[0] ?? '';
  const token = readFileSync(join(stateDir, 'server', 'token'), 'utf8').trim();
  return {
    ask: (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(`${url}${path}`, { ...init, headers });
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
