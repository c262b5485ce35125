import { brief } from '../common/brief.ts';
import { readShape } from '../common/shape.ts';
import { child, keysOf, ownerSpan, textOf } from '../common/tree.ts';
import { placesIn } from './read-items.ts';
import { isHost, parseRegistryHost } from './registry-keys.ts';
import { levels } from './schema.ts';
import { toRetry } from './to-repeat.ts';
import { toText } from './text.ts';

import type { Filling, Registry } from '../../plan/plan.ts';
import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';
import type { PlaceOf } from './quantity-keys.ts';
import type { WrittenRegistry } from './registry-keys.ts';

/** Reads what a file says about registries; those with mistakes are left out. */
export function readRegistries(spot: Spot | undefined, findings: Findings): readonly Registry[] {
  if (!spot) return [];
  return keysOf(spot)
    .map((name) => readRegistry(name, child(spot, name)!, findings))
    .filter((registry) => registry !== undefined);
}

function readRegistry(name: string, spot: Spot, findings: Findings): Registry | undefined {
  const about = `registry '${brief(name)}'`;
  const shape = readShape(levels().registry, spot, findings, about);
  checkName(name, spot, about, findings);
  checkCredentials(spot, about, findings);
  return shape && toRegistry(name, shape, spot, placesIn(findings));
}

function checkName(name: string, spot: Spot, about: string, findings: Findings): void {
  const host = child(spot, 'host');
  if (!isHost(name)) {
    if (!/^[a-zA-Z0-9][\w-]*$/.test(name))
      findings.error(ownerSpan(spot), `${about} must be a host or an alias`, {
        hint: 'an alias has letters, digits, `_` and `-`, and begins with a letter or a digit',
      });
    else if (!host && spot.tree.kind === 'map')
      findings.error(ownerSpan(spot), `${about}: \`host\` is missing`, {
        hint: `an alias needs \`host: {name: …}\`; the name of a host has a dot or a port, or is \`localhost\``,
      });
    return;
  }
  const parsed = name.includes('/') && !name.includes('://') ? 'path' : parseRegistryHost(name);
  if (parsed === 'path' || !parsed.ok)
    findings.error(ownerSpan(spot), `${about} must be a host such as \`ghcr.io\`, or an alias`, {
      hint: parsed === 'path' ? 'the path stands in the names of images' : `it ${parsed.failure}`,
    });
  else if (host)
    findings.warning(ownerSpan(host), `${about}: \`host\` says nothing, as the name is a host`, {
      hint: 'only an alias, without dots and colons, stands for another host',
    });
}

function checkCredentials(spot: Spot, about: string, findings: Findings): void {
  for (const [one, other] of [
    ['username', 'password'],
    ['password', 'username'],
  ] as const) {
    const found = child(spot, one);
    if (found && !child(spot, other))
      findings.error(ownerSpan(found), `${about}: \`${one}\` is nothing without \`${other}\``, {
        hint: `add \`${other}\`, or remove \`${one}\``,
      });
  }
}

function toRegistry(
  name: string,
  { host }: WrittenRegistry,
  spot: Spot,
  placeOf: PlaceOf,
): Registry {
  const retry = child(spot, 'retry');
  const username = textOf(child(spot, 'username'));
  const password = textOf(child(spot, 'password'));
  const hasCredentials = username !== undefined && password !== undefined;
  return {
    name,
    ...(host && !isHost(name) && { host: toFilling(host) }),
    ...(hasCredentials && {
      credentials: { username: toText(username), password: toText(password) },
    }),
    ...(retry && { retry: toRetry(retry, 120_000, placeOf) }),
  };
}

const toFilling = (host: NonNullable<WrittenRegistry['host']>): Filling => ({
  value: toText(host.name),
  ...(host.default !== undefined && { fallback: toText(host.default) }),
});
