import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { configFolderOf } from './endpoint.ts';
import { dockerHub } from './image-name.ts';

import type { AuthConfig } from 'dockerode';

/** How one proves to a registry who one is. */
export type RegistryLogin =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'token'; readonly identityToken: string };

/** The login in the engine's words. */
export const toAuthConfig = (login: RegistryLogin, host: string): AuthConfig => ({
  ...(login.kind === 'password'
    ? { username: login.username, password: login.password }
    : { identitytoken: login.identityToken }),
  serveraddress: keyOf(host),
});

/** Docker's configuration knows the Docker Hub by the address that it had first. */
const keyOf = (host: string): string => (host === dockerHub ? 'https://index.docker.io/v1/' : host);

interface DockerConfig {
  readonly auths?: Readonly<Record<string, AuthEntry | undefined>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string | undefined>>;
}

interface AuthEntry {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What `docker login` has left for a registry: in the configuration itself, or with the helper that
 * it names. `warn` hears why something that is there could not be used; then there is none.
 */
export async function findLogin(
  host: string,
  environment: Environment,
  warn: (text: string) => void,
  signal: AbortSignal,
): Promise<RegistryLogin | undefined> {
  const config = await readConfig(join(configFolderOf(environment), 'config.json'), warn);
  const key = keyOf(host);
  const helper = config.credHelpers?.[host] ?? config.credHelpers?.[key] ?? config.credsStore;
  const kept =
    helper === undefined || helper === ''
      ? undefined
      : await askHelper(`docker-credential-${helper}`, key, environment, warn, signal);
  return kept ?? toLogin(config.auths?.[key] ?? config.auths?.[host] ?? oldEntry(config, host));
}

async function readConfig(file: string, warn: (text: string) => void): Promise<DockerConfig> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return {};
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === 'object' && config !== null) return config;
  } catch {
    // Told below. The parser's own words would quote the file, and there are secrets in it.
  }
  warn(`${file} is not used: it is not JSON as Docker writes it`);
  return {};
}

/** Entries that older programs wrote: `https://host/v1/`. */
const oldEntry = ({ auths }: DockerConfig, host: string): AuthEntry | undefined =>
  Object.entries(auths ?? {}).find(
    ([key]) => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '') === host,
  )?.[1];

function toLogin(entry: AuthEntry | undefined): RegistryLogin | undefined {
  if (!entry) return undefined;
  if (entry.identitytoken) return { kind: 'token', identityToken: entry.identitytoken };
  const decoded = Buffer.from(entry.auth ?? '', 'base64')
    .toString()
    .replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  const username = entry.username ?? decoded.slice(0, Math.max(colon, 0));
  const password = entry.password ?? decoded.slice(colon + 1);
  return username === '' ? undefined : { kind: 'password', username, password };
}

const helperMs = 10_000;

/** Runs a credential helper by its protocol: the registry on its input, JSON on its output. */
async function askHelper(
  command: string,
  key: string,
  environment: Environment,
  warn: (text: string) => void,
  signal: AbortSignal,
): Promise<RegistryLogin | undefined> {
  try {
    const limit = { timeout: helperMs, killSignal: 'SIGKILL', maxBuffer: 1 << 20 } as const;
    const answer = promisify(execFile)(command, ['get'], { env: environment, signal, ...limit });
    // One that ends without reading.
    answer.child.stdin?.on('error', () => undefined).end(key);
    const { Username, Secret } = JSON.parse((await answer).stdout) as Record<string, unknown>;
    if (typeof Username !== 'string' || typeof Secret !== 'string') return undefined;
    return Username === '<token>'
      ? { kind: 'token', identityToken: Secret }
      : { kind: 'password', username: Username, password: Secret };
  } catch (error) {
    const why = whyNoAnswer(error);
    if (why !== undefined && !signal.aborted)
      warn(`${command}, which Docker's configuration names for ${key}, ${why}`);
    return undefined;
  }
}

/** Nothing when it knows the registry not. What it printed may hold secrets and is not told. */
function whyNoAnswer(error: unknown): string | undefined {
  const { code, killed, stdout, signal } = error as {
    code?: unknown;
    killed?: boolean;
    stdout?: string;
    signal?: string | null;
  };
  if (error instanceof SyntaxError) return 'did not answer in JSON';
  if (code === 'ENOENT') return 'was not found';
  if (killed === true) return `did not answer within ${helperMs / 1_000}s`;
  if (stdout?.includes('credentials not found') === true) return undefined;
  return `failed: ${typeof signal === 'string' ? `signal ${signal}` : `exit code ${String(code)}`}`;
}
