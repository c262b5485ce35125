import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';

/** Where an engine listens, and how one proves to it who one is. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tcp' | 'ssh';
      readonly host: string;
      readonly port?: number;
      readonly username?: string;
      readonly tls?: Tls;
    };

export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The endpoint as `DOCKER_HOST` would have it. */
export function endpointUrl(endpoint: Endpoint): string {
  if (endpoint.kind === 'socket') return `unix://${endpoint.path}`;
  const { kind, host, username } = endpoint;
  const user = username === undefined ? '' : `${encodeURIComponent(username)}@`;
  const port = endpoint.port === undefined ? '' : `:${endpoint.port}`;
  return `${kind}://${user}${host.includes(':') ? `[${host}]` : host}${port}`;
}

/**
 * The engine that Docker's own command line would talk to: `DOCKER_HOST`, else `DOCKER_CONTEXT`,
 * else the context that its configuration names, else the first of the usual sockets that is there.
 * The failure is a sentence.
 */
export function findEndpoint(environment: Environment): Result<Endpoint, string> {
  const configFolder = configFolderOf(environment);
  const host = given(environment, 'DOCKER_HOST');
  if (host !== undefined) return parseHost(host, 'DOCKER_HOST', tlsOf(environment, configFolder));
  const context = given(environment, 'DOCKER_CONTEXT') ?? currentContext(configFolder);
  if (context !== undefined && context !== '' && context !== 'default')
    return readContext(configFolder, context);
  const sockets = usualSockets(environment);
  const path = sockets.find((socket) => existsSync(socket));
  if (path === undefined) return fail(`there is no socket at ${sockets.join(', ')}`);
  return ok({ kind: 'socket', path });
}

/** Where Docker's own command line keeps its configuration. */
export const configFolderOf = (environment: Environment): string =>
  given(environment, 'DOCKER_CONFIG') ?? join(homeOf(environment), '.docker');

/** What is empty is not given. */
const given = (environment: Environment, name: string): string | undefined =>
  environment[name] === '' ? undefined : environment[name];

const usualSocket = '/var/run/docker.sock';

function usualSockets(environment: Environment): string[] {
  const runtime = given(environment, 'XDG_RUNTIME_DIR');
  return [
    usualSocket,
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    join(homeOf(environment), '.docker/run/docker.sock'),
    ...(runtime === undefined ? [] : [join(runtime, 'podman/podman.sock')]),
    '/run/podman/podman.sock',
  ];
}

const homeOf = (environment: Environment): string => given(environment, 'HOME') ?? homedir();

function parseHost(host: string, from: string, keys?: Tls): Result<Endpoint, string> {
  if (host.startsWith('unix://'))
    return ok({ kind: 'socket', path: host.slice('unix://'.length) || usualSocket });
  if (host.startsWith('/')) return ok({ kind: 'socket', path: host });
  const tls = keys ?? (host.startsWith('https:') ? {} : undefined);
  // A port that is usual for the web is one like any other here, and would be left out.
  const url = URL.parse((host.includes('//') ? host : `tcp://${host}`).replace(/^https?:/, 'tcp:'));
  const kind = url && kinds[url.protocol];
  if (!kind || url.hostname === '')
    return fail(`${from} is '${host}', which is neither unix://, tcp:// nor ssh://`);
  return ok({
    kind,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(kind === 'tcp' && url.port === '' && { port: tls ? 2376 : 2375 }),
    ...(url.username !== '' && { username: decoded(url.username) }),
    ...(kind === 'tcp' && tls && { tls }),
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const kinds: Readonly<Record<string, 'tcp' | 'ssh' | undefined>> = {
  'tcp:': 'tcp',
  'ssh:': 'ssh',
};

function tlsOf(environment: Environment, configFolder: string): Tls | undefined {
  const isWanted = given(environment, 'DOCKER_TLS_VERIFY') !== undefined;
  const folder = given(environment, 'DOCKER_CERT_PATH') ?? (isWanted ? configFolder : undefined);
  return folder === undefined ? undefined : readTls(folder);
}

function readTls(folder: string): Tls {
  const read = (name: string): string | undefined => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map(read);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function currentContext(configFolder: string): string | undefined {
  try {
    const config = JSON.parse(readFileSync(join(configFolder, 'config.json'), 'utf8')) as unknown;
    const name = (config as { currentContext?: unknown } | null)?.currentContext;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** A context is kept in a folder that is named by the SHA-256 of its name. */
function readContext(configFolder: string, name: string): Result<Endpoint, string> {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(configFolder, 'contexts/meta', id, 'meta.json');
  try {
    const { Endpoints } = JSON.parse(readFileSync(meta, 'utf8')) as {
      Endpoints?: { docker?: { Host?: string } };
    };
    const host = Endpoints?.docker?.Host ?? '';
    const tlsFolder = join(configFolder, 'contexts/tls', id, 'docker');
    const tls = existsSync(tlsFolder) ? readTls(tlsFolder) : undefined;
    return parseHost(host, `the Docker context '${name}'`, tls);
  } catch {
    return fail(`the Docker context '${name}' is not there (${meta})`);
  }
}
