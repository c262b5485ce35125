import { fail, ok } from '../base/result.ts';
import { fill } from '../expression/fill.ts';
import { parsePort, parseVolume } from '../plan/container-text.ts';
import { findImage } from './images.ts';

import type { Result } from '../base/result.ts';
import type { ContainerSpec, TaskWish } from '../executor/executor.ts';
import type { Variables } from '../expression/fill.ts';
import type { Command, Container, Text } from '../plan/plan.ts';
import type { FilledRegistry } from './images.ts';

/** What fills the holes of a command's surroundings. */
export interface WishWorld {
  readonly variables: Variables;
  readonly registries: readonly FilledRegistry[];
}

/**
 * What a command asks of an executor, with its holes filled. A hole can make a port or volume that
 * is none; the failure is a sentence.
 */
export function toTaskWish(
  { image, container, user }: Pick<Command, 'image' | 'container' | 'user'>,
  { variables, registries }: WishWorld,
): Result<TaskWish, string> {
  const filled = (text: Text): string => fill(text, variables).value;
  const own = user && filled(user);
  // As CIX has it: a user that nobody named is the image's own.
  const asked = { ...(own !== undefined && own !== '' && { user: own }) };
  if (!image) return ok(asked);
  const source = findImage(filled(image), registries);
  if (source.image === '') return fail(`the name of its image is empty`);
  const spec = toContainerSpec(container ?? {}, filled);
  if (!spec.ok) return spec;
  const { registry } = source;
  return ok({
    ...asked,
    image: source.image,
    container: { ...spec.value, ...(registry && { registry }) },
  });
}

function toContainerSpec(
  container: Container,
  filled: (text: Text) => string,
): Result<ContainerSpec, string> {
  const { hostname, ports = [], volumes = [], ...asItIs } = container;
  const host = hostname && filled(hostname);
  const published = all(ports.map(filled), 'port', parsePort);
  if (!published.ok) return published;
  const mounts = all(volumes.map(filled), 'volume', parseVolume);
  if (!mounts.ok) return mounts;
  return ok({
    ...asItIs,
    ...(host !== undefined && host !== '' && { hostname: host }),
    ...(ports.length > 0 && { ports: published.value }),
    ...(volumes.length > 0 && { volumes: mounts.value }),
  });
}

function all<T>(
  texts: readonly string[],
  what: string,
  parse: (text: string) => Result<T, string>,
): Result<T[], string> {
  const values: T[] = [];
  for (const text of texts) {
    const parsed = parse(text);
    if (!parsed.ok) return fail(`its ${what} \`${text}\` ${parsed.failure}`);
    values.push(parsed.value);
  }
  return ok(values);
}
