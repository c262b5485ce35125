import { fail, ok } from '../base/result.ts';
import { fill, fillOrFallBack } from '../expression/fill.ts';
import { fillRetry } from './pace.ts';

import type { Result } from '../base/result.ts';
import type { RegistryAccess } from '../executor/executor.ts';
import type { Variables } from '../expression/fill.ts';
import type { Registry } from '../plan/plan.ts';

/** An image by the name that an engine knows, and how its registry is asked. */
export interface ImageSource {
  readonly image: string;
  readonly registry?: RegistryAccess;
}

/** A registry with its holes filled. */
export interface FilledRegistry {
  readonly name: string;
  /** Its host, perhaps with a path. */
  readonly host: string;
  /** The variables that `host` names and that the run does not have. */
  readonly missing: readonly string[];
  readonly access: RegistryAccess;
}

/** What the registries of a plan come to. Credentials that nobody gave are none. */
export const fillRegistries = (
  registries: readonly Registry[],
  variables: Variables,
): readonly FilledRegistry[] =>
  registries.map(({ name, host, credentials, retry }) => {
    const username = credentials && fill(credentials.username, variables);
    const password = credentials && fill(credentials.password, variables);
    const isGiven =
      username?.missing.length === 0 && username.value !== '' && password?.missing.length === 0;
    const attempts = fillRetry(retry, variables);
    const filled = host ? fillOrFallBack(host, variables) : { value: name, missing: [] };
    return {
      name,
      host: filled.value,
      missing: filled.missing,
      access: {
        ...(isGiven && { credentials: { username: username.value, password: password.value } }),
        ...(retry && attempts.ok && { retry: attempts.value }),
      },
    };
  });

/**
 * The image that a pipeline names, once the first part of its name has been taken for what it is:
 * the alias of a registry, its host, or a part of an image of Docker Hub. The failure is a sentence.
 */
export function findImage(
  image: string,
  registries: readonly FilledRegistry[],
): Result<ImageSource, string> {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const named = registries.find(({ name }) => name === first);
  if (!named) {
    const host = isHost(first) ? first : hub;
    const its = registries.find((registry) => hostOf(registry) === host);
    return ok({ image, ...(its && { registry: its.access }) });
  }
  const [variable] = named.missing;
  if (variable !== undefined)
    return fail(
      `its registry '${named.name}' has no host, as the variable ${variable} has no value`,
    );
  return ok({ image: `${named.host}${image.slice(slash)}`, registry: named.access });
}

/** Without a dot, a port or this one name, the first part of a name is no host. */
const isHost = (first: string): boolean => /[.:]/.test(first) || first === 'localhost';

const hub = 'docker.io';

/** Docker Hub goes by more than one name. */
const hostOf = ({ host }: FilledRegistry): string | undefined =>
  host.split('/')[0]?.replace(/^(index|registry-1)\.docker\.io$/, hub);
