import { hostname, networkInterfaces } from 'node:os';
import { isIPv6 } from 'node:net';

const everywhere = new Set(['0.0.0.0', '::']);
const loopback = ['127.0.0.1', 'localhost', '::1'];

/**
 * The `Host` headers that name a server which listens there: its own address, the names that it was
 * given, with a port or without, and, where it listens everywhere, the addresses and the name of this
 * machine. A name that somebody else has lead to us is not among them.
 */
export function ourHosts(host: string, port: number, names: readonly string[]): Set<string> {
  const here = everywhere.has(host)
    ? [
        hostname(),
        ...Object.values(networkInterfaces()).flatMap((all) =>
          (all ?? []).map((one) => one.address),
        ),
      ]
    : [];
  const own = [host, ...loopback, ...here].map(written);
  const given = names.map(written);
  const atPort = (name: string): string[] =>
    port === 80 ? [name, `${name}:80`] : [`${name}:${port}`];
  // A proxy has a port of its own, which is not written where it is the usual one.
  return new Set([...own, ...given].flatMap(atPort).concat(given));
}

const written = (name: string): string => (isIPv6(name) ? `[${name}]` : name).toLowerCase();
