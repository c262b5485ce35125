import { isDeepStrictEqual } from 'node:util';

import * as z from 'zod/mini';

import { brief } from '../common/brief.ts';
import { key, map, noted, once, scalar, text } from '../common/values.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { readShape } from '../common/shape.ts';
import { child, keysOf, textOf, valueSpan } from '../common/tree.ts';
import { hasExpressions, toText } from './expression/text.ts';
import { aboutOf } from './place.ts';
import { tidy } from './texts.ts';
import { nearest } from '../common/nearest.ts';

import type { Registry, Text } from '../../plan/plan.ts';
import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

/** What the connectors that a pipeline names lead to, by their names. */
export type Connectors = ReadonlyMap<string, Connector>;

export interface Connector {
  /** The host of the registry, perhaps with a port and a path. */
  readonly registry: string;
  readonly credentials?: { readonly username: Text; readonly password: Text };
}

const schema = once(() =>
  map(
    {
      connectors: noted(
        { description: 'Connectors by the names that pipelines use: `account.dockerhub`.' },
        z.record(
          z.string(),
          map(
            {
              registry: noted(
                { description: 'The registry: a host, perhaps with a path.' },
                text('a registry such as `ghcr.io/acme`'),
              ),
              username: key(scalar('a text'), 'Who asks for images.'),
              password: key(scalar('a text'), 'The password that goes with it, or a secret.'),
            },
            'a map with `registry`',
          ),
          { error: 'a map of connectors' },
        ),
      ),
    },
    'a map with `connectors`',
  ),
);

/** What a file says about connectors. What is wrong with it is in `findings`. */
export function readConnectors(findings: Findings): Connectors {
  const tree = parseYaml(findings);
  const root: Spot | undefined = tree && { tree };
  if (!root || !readShape(schema(), root, findings, 'this file')) return new Map();
  const listed = child(root, 'connectors')!;
  return new Map(keysOf(listed).map((name) => [name, toConnector(child(listed, name)!, findings)]));
}

function toConnector(spot: Spot, findings: Findings): Connector {
  const registry = (textOf(child(spot, 'registry')) ?? '')
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '');
  const username = child(spot, 'username');
  const password = child(spot, 'password');
  return {
    registry: registry.replace(/^((index|registry-1)\.)?docker\.io(\/v[12])?$/, 'docker.io'),
    ...(username &&
      password && {
        credentials: {
          username: secretText(username, findings),
          password: secretText(password, findings),
        },
      }),
  };
}

/** Only secrets can be named where there is no pipeline. */
function secretText(spot: Spot, findings: Findings): Text {
  const written = textOf(spot) ?? '';
  if (!hasExpressions(written)) return [written];
  const text = toText(
    written,
    {
      lookup: () => ({
        kind: 'unknown',
        problem: 'only `<+secrets.getValue("id")>` can stand here',
      }),
      secret: (id) => ({
        kind: 'expression',
        expression: { kind: 'variable', name: id.replace(/^(account|org)\./, '') },
      }),
    },
    (_at, _length, problem, hint) => findings.error(valueSpan(spot), problem, { hint }),
  );
  return tidy(text);
}

/** The name of an image as it is asked for by way of a connector; its registry is remembered. */
export function useConnector(
  name: string | undefined,
  image: Text,
  spot: Spot | undefined,
  place: Place,
): Text {
  const { connectors, registries } = place.reading;
  const connector = name === undefined ? undefined : connectors.get(name);
  if (!connector) {
    if (name !== undefined && spot && connectors.size > 0) tellUnknown(name, spot, place);
    return image;
  }
  const host = connector.registry.split('/')[0]!;
  const whole =
    isWhole(image) || connector.registry === hub ? image : [`${connector.registry}/`, ...image];
  const asked = isWhole(image) ? hostOf(image) : host;
  if (asked === host && connector.credentials) {
    const before = registries.get(host);
    if (!before) registries.set(host, toRegistry(host, connector.credentials));
    else if (spot && !isDeepStrictEqual(before.credentials, connector.credentials))
      tellOthers(host, spot, place);
  }
  return merged(whole);
}

const hub = 'docker.io';

const toRegistry = (name: string, credentials: NonNullable<Registry['credentials']>): Registry => ({
  name,
  credentials,
});

/** The first part of the name of an image is its host when it looks like one. */
const isWhole = (image: Text): boolean => {
  const host = hostOf(image);
  return /[.:]/.test(host) || host === 'localhost';
};

const hostOf = ([first]: Text): string =>
  typeof first === 'string' && first.includes('/') ? first.slice(0, first.indexOf('/')) : '';

const merged = ([first, second, ...rest]: Text): Text =>
  typeof first === 'string' && typeof second === 'string'
    ? [first + second, ...rest]
    : [first, second, ...rest].filter((part) => part !== undefined);

function tellOthers(host: string, spot: Spot, place: Place): void {
  place.reading.findings.warning(
    valueSpan(spot),
    `${aboutOf(place)}: \`${brief(host)}\` is asked with the credentials of the connector that a step before it names`,
    {
      hint: 'name one connector that may read all the images of it',
    },
  );
}

function tellUnknown(name: string, spot: Spot, place: Place): void {
  const { connectors, findings } = place.reading;
  const near = nearest(name, connectors.keys());
  findings.warning(
    valueSpan(spot),
    `${aboutOf(place)}: there is no connector \`${name}\`, so its registry is asked without a name`,
    { hint: near === undefined ? 'add it to the file of connectors' : `did you mean \`${near}\`?` },
  );
}
