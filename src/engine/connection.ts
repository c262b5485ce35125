import { connect } from 'node:net';

import { fail, ok } from '../base/result.ts';

import type { Socket } from 'node:net';
import type { Result } from '../base/result.ts';
import type { Address } from '../executor/executor.ts';

/** So long anything that is asked may take to answer. */
export const patienceMs = 2_000;

/**
 * A connection to an address, or what was heard instead. Settles when `signal` aborts; never
 * rejects. Whoever gets a connection closes it.
 */
export async function openConnection(
  { host, port }: Address,
  signal: AbortSignal,
): Promise<Result<Socket, string>> {
  let first: Result<Socket, string> | undefined;
  for (const name of namesOf(host)) {
    const opened = await connectOnce({ host: name, port }, signal);
    if (opened.ok) return opened;
    first ??= opened;
  }
  return first ?? fail('no address');
}

/** A server may listen on one of the two only. */
const namesOf = (host: string): readonly string[] =>
  host === 'localhost' ? ['127.0.0.1', '::1'] : [host];

function connectOnce(
  { host, port }: Address,
  signal: AbortSignal,
): Promise<Result<Socket, string>> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal, timeout: patienceMs });
    socket.once('connect', () => {
      socket.setTimeout(0);
      if (!isItself(socket)) {
        resolve(ok(socket));
        return;
      }
      // A reset leaves nothing behind that would keep the service from its port.
      socket.resetAndDestroy();
      resolve(fail('connection refused'));
    });
    socket.once('timeout', () => {
      socket.destroy();
      resolve(fail('connection timed out'));
    });
    socket.on('error', (error) => resolve(fail(describeError(error))));
  });
}

/** So soon a proxy finds out that nobody listens where it is to pass a connection on to. */
const atOnceMs = 150;

/** Whether a proxy has accepted a connection and finds nobody to pass it on to. */
export function isClosedAtOnce(socket: Socket, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const late = AbortSignal.any([signal, AbortSignal.timeout(atOnceMs)]);
    late.addEventListener('abort', () => resolve(false), { once: true });
    for (const event of ['end', 'close'] as const) socket.once(event, () => resolve(true));
    socket.once('data', () => resolve(false));
  });
}

/**
 * Where nobody listens on a port of this machine, the kernel may give a connection to it that very
 * port to start from: then it talks to itself.
 */
export const isItself = ({ localPort, remotePort, localAddress, remoteAddress }: Socket): boolean =>
  localPort === remotePort && localAddress === remoteAddress;

const texts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'connection failed: host unreachable',
  ENETUNREACH: 'connection failed: network unreachable',
  EADDRNOTAVAIL: 'connection failed: address not available',
  ENOTFOUND: 'connection failed: no such host',
  ETIMEDOUT: 'connection timed out',
  ABORT_ERR: `no answer within ${patienceMs / 1_000} s`,
};

/** What an error of the network means for a person. */
export const describeError = (error: Error & { code?: string | number }): string =>
  texts[String(error.code)] ?? error.message;
