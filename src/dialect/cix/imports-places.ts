import { basename, dirname, isAbsolute, join, normalize } from 'node:path';

import { isAddress } from '../../base/is-address.ts';
import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';
import type { Token, Wanted } from '../common/read-source.ts';

/** The variables of the run: what is imported is known before it begins. */
export type Variables = ReadonlyMap<string, string>;

/** Tokens go on to what is imported from the same server. */
export function withToken(at: string, own: Token | undefined, base: Wanted): Wanted {
  if (!isAddress(at)) return { at };
  const inherited = isAddress(base.at) && hasSameOrigin(base.at, at) ? base.token : undefined;
  const token = own ?? inherited;
  return token ? { at, token } : { at };
}

const hasSameOrigin = (one: string, other: string): boolean =>
  new URL(one).origin === new URL(other).origin;

/** The last part of a path or an address, without its query. */
export const lastName = (at: string): string =>
  basename(isAddress(at) && URL.canParse(at) ? new URL(at).pathname : at);

/** The path or address that is meant by `src` in a file that was read from `base`. */
export function placeOf(src: string, base: string): Result<string, string> {
  if (src.trim() === '') return fail('is empty');
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(src)?.[0];
  if (scheme !== undefined && !isAddress(src)) return fail(`begins with \`${scheme}\``);
  if (/^[\w.-]+@[\w.-]+:/.test(src)) return fail('is an address that only Git understands');
  if (!isAddress(src) && !isAddress(base))
    return ok(isAbsolute(src) ? normalize(src) : join(dirname(base), src));
  const from = isAddress(base) ? base : undefined;
  const url = URL.canParse(src, from) ? new URL(src, from) : undefined;
  if (!url) return fail('is no address');
  url.hash = '';
  return ok(url.href);
}
