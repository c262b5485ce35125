import { dockerHub, shortRepository, versionOf } from './image-name.ts';

import type { ImageName } from './image-name.ts';
import type { RegistryLogin } from './registry-auth.ts';

/** So long a failure waits for its words. */
const askMs = 5_000;

/**
 * Why a registry does not give an image, as a sentence: the name, the tag or the credentials. Engines
 * and registries say one for the other, so the registry itself is asked, with the same login.
 * `undefined` when it does not tell.
 */
export async function askForVerdict(
  name: ImageName,
  login: RegistryLogin | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const host = name.host === dockerHub ? 'registry-1.docker.io' : name.host;
  // A login is told to nobody in the clear, except on this machine.
  const schemes = isHere(name.host) || !login ? ['https', 'http'] : ['https'];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(askMs)]);
  for (const scheme of schemes) {
    try {
      return await verdictOf(`${scheme}://${host}/v2/${name.repository}`, name, login, limit);
    } catch {
      // Not there, or not by this scheme.
    }
  }
  return undefined;
}

const isHere = (host: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(host);

async function verdictOf(
  base: string,
  name: ImageName,
  login: RegistryLogin | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const registry = `the registry ${name.host}`;
  const image = `image '${shortRepository(name)}'`;
  const user =
    login?.kind === 'password' ? `user '${login.username}'` : 'the login of this machine';
  const notAccepted = `${registry} did not accept the credentials of ${user}`;
  const notForAll = `${registry} has no ${image} that can be had without credentials`;
  let authorization = basic(login);
  let answer = await ask('GET', `${base}/tags/list?n=1`, authorization, signal);
  const challenge = answer.status === 401 ? answer.headers.get('www-authenticate') : undefined;
  if (challenge && /^bearer /i.test(challenge)) {
    if (login?.kind === 'token') return undefined;
    const token = await askForToken(challenge, name, authorization, signal);
    if (token === undefined) return login ? notAccepted : notForAll;
    authorization = token;
    answer = await ask('GET', `${base}/tags/list?n=1`, authorization, signal);
    if ([401, 403].includes(answer.status))
      return login ? `${registry} has no ${image} that ${user} may have` : notForAll;
  }
  if (answer.status === 401)
    return login ? notAccepted : `${registry} wants credentials, and none were given`;
  if (answer.status === 403)
    return `${registry} does not let ${login ? user : 'everybody'} have ${image}`;
  if (answer.status === 404) return `${registry} has no ${image}`;
  if (answer.status !== 200) return undefined;
  const manifest = await ask('HEAD', `${base}/manifests/${versionOf(name)}`, authorization, signal);
  if (manifest.status !== 404) return undefined;
  const version = name.digest === undefined ? `tag '${versionOf(name)}'` : `digest ${name.digest}`;
  return `${registry} has ${image}, but no ${version}`;
}

const basic = (login: RegistryLogin | undefined): string | undefined =>
  login?.kind === 'password'
    ? `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
    : undefined;

/** A registry that is not asked for the type of a manifest says that there is none. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/json',
].join();

/** The answer without its body. */
async function ask(
  method: 'GET' | 'HEAD',
  url: string,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { accept: manifestTypes, ...(authorization !== undefined && { authorization }) };
  const answer = await fetch(url, { method, headers, signal, redirect: 'manual' });
  await answer.body?.cancel();
  return answer;
}

/**
 * Goes where the registry sends those who want a token for this repository. Nothing when the login is
 * not accepted.
 */
async function askForToken(
  challenge: string,
  name: ImageName,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const said = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const url = new URL(said['realm'] ?? '');
  url.searchParams.set('service', said['service'] ?? '');
  url.searchParams.set('scope', `repository:${name.repository}:pull`);
  if (authorization !== undefined && url.protocol !== 'https:' && !isHere(url.host))
    throw new Error('It would be told in the clear.');
  const headers = { ...(authorization !== undefined && { authorization }) };
  const answer = await fetch(url, { headers, signal, redirect: 'manual' });
  if (answer.status === 401 || answer.status === 403) {
    await answer.body?.cancel();
    return undefined;
  }
  const { token, access_token } = (await answer.json()) as Record<string, string | undefined>;
  return `Bearer ${token ?? access_token ?? ''}`;
}
