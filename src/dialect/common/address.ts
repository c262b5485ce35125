/** A place to connect to. */
interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `6379`, `host:6379` or `[::1]:6379`; a port alone is one of `localhost`. The host comes as URLs have it: in lower case, addresses in their shortest form, without brackets. */
export function parseHostPort(written: string | number): HostPort | undefined {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):)?(\d{1,5})$/.exec(String(written));
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) return undefined;
  const [, address, name = 'localhost'] = match;
  const url = URL.parse(`http://${address === undefined ? name : `[${address}]`}`);
  return url ? { host: url.hostname.replace(/^\[|\]$/g, ''), port } : undefined;
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
