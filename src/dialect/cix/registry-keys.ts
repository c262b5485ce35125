import type * as z from 'zod/mini';

import { fail, ok } from '../../base/result.ts';
import { key, map, noted, scalar } from '../common/values.ts';
import { retry } from './quantity-keys.ts';
import { checkedText } from './text.ts';

import type { Result } from '../../base/result.ts';

/** The schema of what a file says about a registry. */

/** Whether the key of a registry is its host, and no alias. */
export const isHost = (name: string): boolean => /[.:/]/.test(name) || name === 'localhost';

const expectedHost = 'a host such as `ghcr.io` or `localhost:5000`';

/** Reads the host of a registry, perhaps with a path. The failure says what is wrong. */
export function parseRegistryHost(text: string): Result<string, string> {
  if (text.includes('://'))
    return fail(
      `has \`${text.slice(0, text.indexOf('://') + 3)}\`, which no image name begins with`,
    );
  const [host = '', ...path] = text.split('/');
  if (!/^([a-zA-Z0-9][\w.-]*|\[[0-9a-fA-F:]+\])(:\d+)?$/.test(host) || path.includes(''))
    return fail('is not a host, perhaps with a port');
  if (!isHost(host)) return fail('has no dot and no port, so that Docker takes it for a user');
  return ok(text);
}

const hostOfAlias = () =>
  map(
    {
      name: noted(
        { description: 'The host, in which `$$NAME` stands for the variable of the run.' },
        checkedText(expectedHost, parseRegistryHost),
      ),
      default: key(
        checkedText(expectedHost, parseRegistryHost),
        'Taken when `name` names a variable that the run does not have.',
      ),
    },
    'a map with `name`, and perhaps `default`',
  );

export const registry = () =>
  map(
    {
      host: key(hostOfAlias(), 'The registry that the alias stands for.', {
        examples: [{ name: '$$REGISTRY', default: 'ghcr.io' }],
      }),
      username: key(scalar('a text'), 'Who asks for images.', { examples: ['$$REGISTRY_USER'] }),
      password: key(
        scalar('a text'),
        'The password that goes with it. Better a variable than the password itself.',
        { examples: ['$$REGISTRY_PASSWORD'] },
      ),
      retry: key(
        retry('120s'),
        'Asks again when the registry cannot be reached or is broken. Without it, as the executor has it.',
        { examples: [{ iterations: 3, backoff: '10s' }] },
      ),
    },
    'a map with `host`, `username`, `password` and `retry`',
  );

/** What a file says about a registry, in the right shape. */
export type WrittenRegistry = z.infer<ReturnType<typeof registry>>;
