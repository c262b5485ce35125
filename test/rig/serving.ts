import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort } from './ports.ts';

import type { Place, Running } from './cli.ts';

/** A server of a place while it runs, and how it is asked. */
export interface Serving {
  readonly running: Running;
  readonly port: number;
  readonly url: string;
  readonly token: string;
  /** Asks as a program does that has the token. */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts the real server over the state folder of a place; settles once it listens. */
export async function serve(
  place: Place,
  { port, args = [] }: { readonly port?: number; readonly args?: readonly string[] } = {},
): Promise<Serving> {
  const at = port ?? (await freePort());
  const running = place.start(['server', '--port', String(at), ...args]);
  await running.printed(/Ctrl-C/);
  const token = readFileSync(join(place.stateDir, 'server', 'token'), 'utf8').trim();
  const url = `http://127.0.0.1:${at}`;
  return {
    ...{ running, port: at, url, token },
    ask: (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(`${url}${path}`, { ...init, headers });
    },
  };
}
