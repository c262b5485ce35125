import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { Duplex } from 'node:stream';

import { compilePattern } from '../base/pattern.ts';
import { describeError, isClosedAtOnce, openConnection, patienceMs } from './connection.ts';

import type * as Http from 'node:http';
import type { Socket } from 'node:net';
import type * as Tls from 'node:tls';
import type { Address, Reached } from '../executor/executor.ts';
import type { ProbeTarget } from '../plan/plan.ts';

/** What one question to a service came to. */
export interface ProbeAnswer {
  readonly passed: boolean;
  /** What was heard, for people: `connected`, `connection refused`, `status 503`. */
  readonly text: string;
  /** It will be the same however often one asks. */
  readonly isLast?: boolean;
}

/** How the engine reaches out over the network. Both ways settle when `signal` aborts; neither rejects. */
export interface Dial {
  tcp(address: Reached, signal: AbortSignal): Promise<ProbeAnswer>;
  http(target: HttpTarget, address: Address | undefined, signal: AbortSignal): Promise<ProbeAnswer>;
  /** Gets ready to ask by `http`, so that the first answer is not later than others. */
  prepare(): Promise<void>;
}

export type HttpTarget = Extract<ProbeTarget, { kind: 'http' }>;

/** The machine's own network. One question takes two seconds at most. */
export const systemDial: Dial = {
  async tcp(address, signal) {
    const opened = await openConnection(address, signal);
    if (!opened.ok) return { passed: false, text: opened.failure };
    const isRefused = address.isProxied === true && (await isClosedAtOnce(opened.value, signal));
    opened.value.destroy();
    return isRefused
      ? { passed: false, text: 'connection closed at once' }
      : { passed: true, text: 'connected' };
  },

  async http(target, address, signal) {
    const opened = await openConnection(address ?? addressOf(new URL(target.url)), signal);
    if (!opened.ok) return { passed: false, text: opened.failure };
    const impatient = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    try {
      return await ask(target, secured(target, address, opened.value), impatient);
    } finally {
      opened.value.destroy();
    }
  },

  // What runs for the first time takes ten times as long: one request to nobody goes before.
  prepare() {
    prepared ??= ask({ ...nobody, kind: 'http' }, answering('HTTP/1.1 204 No\r\n\r\n')).then(
      () => undefined,
    );
    return prepared;
  },
};

let prepared: Promise<void> | undefined;
const nobody = { url: 'http://localhost/', status: [], headers: {} };

/** A connection that gives this answer to whatever is asked. */
const answering = (text: string): Duplex =>
  new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      this.push(text);
      this.push(null);
      done();
    },
  });

function addressOf({ hostname, port, protocol }: URL): Address {
  const usual = protocol === 'https:' ? 443 : 80;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: port === '' ? usual : Number(port) };
}

/**
 * Imported as ES modules, these would bring Node's whole fetch along with them (10 ms and 5 MB), which
 * every run would pay for.
 */
const load = createRequire(import.meta.url);

function secured(
  { url: written }: HttpTarget,
  address: Address | undefined,
  socket: Socket,
): Duplex {
  const { protocol, hostname } = new URL(written);
  if (protocol !== 'https:') return socket;
  const { connect } = load('node:tls') as typeof Tls;
  // A test server on this machine has a certificate of its own making.
  const servername = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : '';
  return connect({ socket, servername, rejectUnauthorized: address === undefined });
}

function ask(target: HttpTarget, connection: Duplex, signal?: AbortSignal): Promise<ProbeAnswer> {
  const { promise, resolve } = Promise.withResolvers<ProbeAnswer>();
  const failed = (error: Error): void => resolve({ passed: false, text: describeError(error) });
  try {
    const { request } = load('node:http') as typeof Http;
    const url = new URL(target.url);
    const asking = request({
      createConnection: () => connection,
      path: url.pathname + url.search,
      ...(url.username !== '' && { auth: decodeURIComponent(`${url.username}:${url.password}`) }),
      headers: { host: url.host, connection: 'close', ...target.headers },
      ...(signal && { signal }),
    });
    asking.on('error', failed);
    asking.once('response', (response) => {
      judge(target, response)
        .then(resolve, failed)
        .finally(() => asking.destroy());
    });
    asking.end();
  } catch (error) {
    // What cannot even be sent, such as a header that is none.
    failed(error as Error);
  }
  return promise;
}

const mostBodyBytes = 1_000_000;

async function judge(target: HttpTarget, response: Http.IncomingMessage): Promise<ProbeAnswer> {
  const status = response.statusCode ?? 0;
  if (!passes(target, status)) return { passed: false, text: `status ${status}` };
  if (target.body === undefined) return { passed: true, text: `status ${status}` };
  let body = '';
  response.setEncoding('utf8');
  for await (const text of response) if (body.length < mostBodyBytes) body += String(text);
  const passed = toPattern(target.body, { lines: true }).test(body);
  return {
    passed,
    text: `status ${status}, ${passed ? 'the body' : `another body: ${glimpse(body)}`}`,
  };
}

const passes = ({ status: wanted }: HttpTarget, status: number): boolean =>
  wanted.length > 0 ? wanted.includes(status) : status >= 200 && status < 400;

/** A pattern of a plan, which the dialect has found to be one. */
export function toPattern(written: string, options?: { readonly lines: boolean }): RegExp {
  const pattern = compilePattern(written, options);
  if (!pattern.ok) throw new Error(`The plan has the pattern ${written}: ${pattern.failure}`);
  return pattern.value;
}

/**
 * What was heard is told whole or not at all: a secret that is cut in two cannot be masked any more.
 */
export const whole = (line: string): string =>
  line.length <= 4_000 ? line : `a line of ${line.length} characters`;

/** Enough of a body to see what it is instead. */
const glimpse = (body: string): string => {
  const line = body.trim().split('\n')[0]?.trim() ?? '';
  return line === '' ? 'an empty one' : whole(line);
};
