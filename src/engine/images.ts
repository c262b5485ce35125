import { fill, fillOrFallBack } from '../expression/fill.ts';

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
  readonly host: string;
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
    const isGiven = username?.missing.length === 0 && password?.missing.length === 0;
    return {
      name,
      host: host ? fillOrFallBack(host, variables).value : name,
      access: {
        ...(isGiven && { credentials: { username: username.value, password: password.value } }),
        ...(retry && { retry }),
      },
    };
  });

/** The image that a pipeline names, once the first part of its name has been taken for what it is. */
export function findImage(image: string, registries: readonly FilledRegistry[]): ImageSource {
  const slash = image.indexOf('/');
  const first = slash < 0 ? undefined : image.slice(0, slash);
  const registry = registries.find(({ name, host }) => name === first || host === first);
  if (!registry) return { image };
  return { image: `${registry.host}${image.slice(slash)}`, registry: registry.access };
}
