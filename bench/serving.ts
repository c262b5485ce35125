import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import { peakOf } from './measure.ts';

import type { IncomingMessage } from 'node:http';
import type { Bench } from './bench.ts';

/** A server over a state folder of the bench, and how it is asked. */
export interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Asks with less between the socket and whoever reads than `fetch` has. */
  read(path: string): Promise<IncomingMessage>;
  /** Has it carry out a pipeline; the id of the run. */
  start(text: string): Promise<string>;
  /** The most memory that the server ever had. */
  peakBytes(): number;
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
  const authorization = `Bearer ${token}`;
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', authorization);
    return fetch(`${url}${path}`, { ...init, headers });
  };
  return {
    ...{ url, token, ask },
    async read(path) {
      const asked = request(`${url}${path}`, { headers: { authorization }, agent: false }).end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      return response;
    },
    async start(text) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ text });
      const response = await ask('/api/v1/runs', { method: 'POST', headers, body });
      if (response.status !== 201) throw new Error(await response.text());
      return ((await response.json()) as { id: string }).id;
    },
    peakBytes: () => peakOf(child.pid!),
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
