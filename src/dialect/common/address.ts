/** A place to connect to. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `6379`, `host:6379` or `[::1]:6379`; a port alone is one of `localhost`. */
export function parseHostPort(written: string | number): HostPort | undefined {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):)?(\d{1,5})$/.exec(String(written));
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) return undefined;
  return { host: match[1] ?? match[2] ?? 'localhost', port };
}

/** What is wrong with a URL for an HTTP probe, if anything. */
export function whyNoUrl(written: string): string | undefined {
  if (!/^https?:\/\//i.test(written)) return 'it must begin with `http://` or `https://`';
  const url = URL.parse(written);
  if (url)
    return isDecodable(url.username) && isDecodable(url.password)
      ? undefined
      : 'its user or its password has a `%` that begins no escape';
  const port = /^https?:\/\/[^/?#]*:(\d*)/i.exec(written)?.[1];
  return port !== undefined && Number(port) > 65_535
    ? 'its port is above 65535'
    : 'its host or its port is not valid';
}

function isDecodable(escaped: string): boolean {
  try {
    decodeURIComponent(escaped);
    return true;
  } catch {
    return false;
  }
}

/** The port of this machine that a URL leads to, if it does. */
export function localPort({ host, port }: HostPort): number | undefined {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0)$/i.test(host) ? port : undefined;
}

/** Where a URL that its schema has let pass leads. */
export function hostPortOf(url: string): HostPort {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}
