import { compilePattern } from '../base/pattern.ts';
import { createRequire } from 'node:module';
import { connect } from 'node:net';

import type * as Http from 'node:http';
import type * as Https from 'node:https';
import type { Address } from '../executor/executor.ts';
import type { ProbeTarget } from '../plan/plan.ts';

/** What one question to a service came to. */
export interface Answer {
  readonly passed: boolean;
  /** What was heard, for people: `connected`, `connection refused`, `status 503`. */
  readonly text: string;
}

/** How the engine reaches out over the network. Both ways settle when `signal` aborts; neither rejects. */
export interface Dial {
  tcp(address: Address, signal: AbortSignal): Promise<Answer>;
  http(target: HttpTarget, address: Address | undefined, signal: AbortSignal): Promise<Answer>;
}

export type HttpTarget = Extract<ProbeTarget, { kind: 'http' }>;

/**
 * Imported as ES modules, these would bring Node's whole fetch along with them (10 ms and 5 MB), which
 * every run would pay for.
 */
const load = createRequire(import.meta.url);
const client = (isSecure: boolean): typeof Http | typeof Https =>
  load(isSecure ? 'node:https' : 'node:http') as typeof Http | typeof Https;

const patienceMs = 2_000;
const mostBodyBytes = 1_000_000;

/** The machine's own network. One question takes two seconds at most. */
export const systemDial: Dial = {
  async tcp({ host, port }, signal) {
    const answers = await Promise.all(
      namesOf(host).map((name) => connectOnce({ host: name, port }, signal)),
    );
    return answers.find(({ passed }) => passed) ?? answers[0]!;
  },

  async http(target, address, signal) {
    if (address?.host !== 'localhost') return ask(target, address, signal);
    const answers: Answer[] = [];
    for (const host of namesOf('localhost')) {
      const answer = await ask(target, { ...address, host }, signal);
      if (!answer.text.startsWith('connection')) return answer;
      answers.push(answer);
    }
    return answers[0]!;
  },
};

/** A server may listen on one of the two only. */
const namesOf = (host: string): readonly string[] =>
  host === 'localhost' ? ['127.0.0.1', '::1'] : [host];

function connectOnce({ host, port }: Address, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal, timeout: patienceMs });
    const settle = (passed: boolean, text: string): void => {
      resolve({ passed, text });
      socket.destroy();
    };
    socket.once('connect', () => settle(true, 'connected'));
    socket.once('timeout', () => settle(false, 'connection timed out'));
    socket.on('error', (error) => settle(false, describeError(error)));
  });
}

function ask(
  target: HttpTarget,
  address: Address | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const failed = (error: Error): void => resolve({ passed: false, text: describeError(error) });
  try {
    const asking = send(target, address, signal);
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

function send(
  { url: written, headers }: HttpTarget,
  address: Address | undefined,
  signal: AbortSignal,
): Http.ClientRequest {
  const url = new URL(written);
  const isSecure = url.protocol === 'https:';
  return client(isSecure).request(url, {
    ...(address && { host: address.host, port: address.port }),
    headers: { host: url.host, connection: 'close', ...headers },
    agent: false,
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    // A test server on this machine has a certificate of its own making.
    ...(isSecure && address && { rejectUnauthorized: false }),
  });
}

async function judge(target: HttpTarget, response: Http.IncomingMessage): Promise<Answer> {
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

const describeError = (error: Error & { code?: string | number }): string =>
  texts[String(error.code)] ?? error.message;
