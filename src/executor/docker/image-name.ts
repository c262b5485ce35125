import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';

/** What an image is called, with everything said that a short name leaves out. */
export interface ImageName {
  /** Where its registry answers, such as `docker.io` or `127.0.0.1:5000`. */
  readonly host: string;
  /** Such as `library/redis`. */
  readonly repository: string;
  /** `latest` when a name says neither tag nor digest. */
  readonly tag?: string;
  /** Such as `sha256:1f2e…`. It decides, whatever the tag says. */
  readonly digest?: string;
}

/** The host that a name without one means. */
export const dockerHub = 'docker.io';

/** Reads the name of an image as Docker does. The failure is a sentence. */
export function parseImageName(text: string): Result<ImageName, string> {
  const [, name = '', tag, digest] = /^(.*?)(?::([^:/@]*))?(?:@([^@]*))?$/.exec(text) ?? [];
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag))
    return fail(`'${tag}' is no tag of an image: letters, digits, '_', '.' and '-', at most 128`);
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
    return fail(`'${digest}' is no digest of an image: sha256: and 64 digits from 0 to f`);
  const { host, path } = splitHost(name);
  if (!/^(\[[0-9a-fA-F:]+\]|[\w.-]+)(:\d+)?$/.test(host)) return fail(`'${host}' is no host`);
  if (path !== path.toLowerCase())
    return fail(
      `the name of an image is written in lower case: '${text.replace(path, path.toLowerCase())}'`,
    );
  const wrong = path.split('/').find((part) => !partOfPath.test(part));
  if (wrong === '') return fail(`'${text}' is no name of an image: a part of it is empty`);
  if (wrong !== undefined)
    return fail(
      `'${wrong}' cannot stand in the name of an image: letters and digits, with '.', '_', '__' or '-' between them`,
    );
  return ok({
    host,
    repository: host === dockerHub && !path.includes('/') ? `library/${path}` : path,
    ...(tag !== undefined && { tag }),
    ...(tag === undefined && digest === undefined && { tag: 'latest' }),
    ...(digest !== undefined && { digest }),
  });
}

const partOfPath = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;

/** The first part of a name is its host when it looks like one: `a.b/c`, `a:1/c`, `localhost/c`. */
function splitHost(name: string): { host: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  if (!/[.:]/.test(first) && first !== 'localhost') return { host: dockerHub, path: name };
  const isHub = first === dockerHub || first === 'index.docker.io';
  return { host: isHub ? dockerHub : first, path: name.slice(slash + 1) };
}

/** The name without tag and digest, such as `docker.io/library/redis`. */
export const repositoryOf = ({ host, repository }: ImageName): string => `${host}/${repository}`;

/** What selects the image in its repository: the digest, or else the tag. */
export const versionOf = ({ tag, digest }: ImageName): string => digest ?? tag ?? 'latest';

/** The whole name, understood by every engine. */
export const fullName = (name: ImageName): string =>
  `${repositoryOf(name)}${name.digest === undefined ? ':' : '@'}${versionOf(name)}`;

/** The repository as people write it: `redis`, not `library/redis`. */
export const shortRepository = ({ host, repository }: ImageName): string =>
  host === dockerHub ? repository.replace(/^library\//, '') : repository;
