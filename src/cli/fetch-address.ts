import { version } from './version.ts';

import type { Asked, Refusal } from './fetch-words.ts';

/** An address as people may see it: without its user and password, and without its query, which may be a key. */
export function shownAddress(at: string): string {
  const url = new URL(withoutUser(new URL(at)));
  if (url.search === '') return url.href;
  url.search = '';
  return `${url.href}?…`;
}

/** An address as it is asked: who asks stands in the headers. */
export function withoutUser({ href }: URL): string {
  const url = new URL(href);
  [url.username, url.password, url.hash] = ['', '', ''];
  return url.href;
}

/** Whether what one server was shown must not be shown to the next. */
export function leavesServer(last: URL, next: URL): boolean {
  if (last.origin === next.origin) return false;
  const becomesSafe = last.protocol === 'http:' && next.protocol === 'https:';
  const hasUsualPorts = last.port === '' && next.port === '';
  return !(last.hostname === next.hostname && becomesSafe && hasUsualPorts);
}

/** What a server is told besides the address: a token first, else the user of the address. */
export function httpHeaders({ url, token }: Asked): {
  readonly headers: Record<string, string>;
  readonly problem?: Refusal;
} {
  const headers = { 'User-Agent': `continuo/${version}`, Accept: '*/*' };
  if (token && !/^[\x21-\x7e]+$/.test(token.value))
    return {
      headers,
      problem: {
        message: `${token.from} has characters that no token has`,
        hint: 'see whether it has blanks or line ends in it',
      },
    };
  if (token) return { headers: { ...headers, Authorization: `token ${token.value}` } };
  if (url.username === '' && url.password === '') return { headers };
  const user = `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    headers: { ...headers, Authorization: `Basic ${Buffer.from(user).toString('base64')}` },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
