import { fail, ok } from '../base/result.ts';
import { fill } from '../expression/fill.ts';
import {
  parseAlias,
  parseHostname,
  parseImage,
  parsePort,
  parseVolume,
} from '../plan/container-text.ts';
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
 * is none, or have nothing to fill it; the failure is a sentence.
 */
export function toTaskWish(
  { image, container, user }: Pick<Command, 'image' | 'container' | 'user'>,
  { variables, registries }: WishWorld,
): Result<TaskWish, string> {
  const own = optional(user, 'user', variables);
  if (!own.ok) return own;
  const asked = { ...(own.value !== undefined && { user: own.value }) };
  if (!image) return ok(asked);
  const named = filled(image, 'image', variables);
  if (!named.ok) return named;
  const source = findImage(named.value, registries);
  if (!source.ok) return source;
  const { registry, ...found } = source.value;
  const read = parsed(found.image, 'image', parseImage);
  if (!read.ok) return read;
  const spec = toContainerSpec(container ?? {}, variables);
  if (!spec.ok) return spec;
  return ok({ ...asked, ...found, container: { ...spec.value, ...(registry && { registry }) } });
}

function toContainerSpec(
  container: Container,
  variables: Variables,
): Result<ContainerSpec, string> {
  const { hostname, aliases = [], ports = [], volumes = [], ...asItIs } = container;
  const own = optional(hostname, 'hostname', variables);
  if (!own.ok) return own;
  const host =
    own.value === undefined ? ok(undefined) : parsed(own.value, 'hostname', parseHostname);
  if (!host.ok) return host;
  const names = all(aliases, 'alias', variables, parseAlias);
  if (!names.ok) return names;
  const published = all(ports, 'port', variables, parsePort);
  if (!published.ok) return published;
  const mounts = all(volumes, 'volume', variables, parseVolume);
  if (!mounts.ok) return mounts;
  return ok({
    ...asItIs,
    ...(host.value !== undefined && { hostname: host.value }),
    ...(aliases.length > 0 && { aliases: names.value }),
    ...(ports.length > 0 && { ports: published.value }),
    ...(volumes.length > 0 && { volumes: mounts.value }),
  });
}

type Parse<T> = (text: string) => Result<T, string>;

function all<T>(
  texts: readonly Text[],
  what: string,
  variables: Variables,
  parse: Parse<T>,
): Result<T[], string> {
  const values: T[] = [];
  for (const text of texts) {
    const own = filled(text, what, variables);
    const value = own.ok ? parsed(own.value, what, parse) : own;
    if (!value.ok) return value;
    values.push(value.value);
  }
  return ok(values);
}

function parsed<T>(text: string, what: string, parse: Parse<T>): Result<T, string> {
  const value = parse(text);
  return value.ok ? value : fail(`its ${what} \`${text}\` ${value.failure}`);
}

/** As CIX has it, what nobody named is the image's own. */
function optional(
  text: Text | undefined,
  what: string,
  variables: Variables,
): Result<string | undefined, string> {
  if (!text || /^:?$/.test(fill(text, variables).value)) return ok(undefined);
  return filled(text, what, variables);
}

function filled(text: Text, what: string, variables: Variables): Result<string, string> {
  const { value, missing } = fill(text, variables);
  const [variable] = missing;
  return variable === undefined
    ? ok(value)
    : fail(`its ${what} names the variable ${variable}, which has no value`);
}

/** The image that a command runs in, as the executor knows it, for those who tell of its start. */
export function imageOf(command: Command, world: WishWorld): { readonly image?: string } {
  const wish = command.image ? toTaskWish(command, world) : undefined;
  const image = wish?.ok === true ? wish.value.image : undefined;
  return image === undefined ? {} : { image };
}
