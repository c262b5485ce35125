import { once } from 'node:events';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What can go wrong between one who asks and one who answers. */
export type Fault =
  /** Answered by the proxy; the other side never hears of it. */
  | { readonly kind: 'answer'; readonly status: number; readonly body?: string }
  /** The connection breaks before the other side hears of it. */
  | { readonly kind: 'refuse' }
  /** The other side does what it is asked, and the connection breaks instead of an answer. */
  | { readonly kind: 'lose' }
  /** The connection breaks after so many bytes of the answer's body. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The answer is held back. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The other side is asked twice, and the second answer counts. Not for upgrades. */
  | { readonly kind: 'twice' };

export type Address = { readonly port: number } | { readonly socketPath: string };

/** A request on its way. */
export interface Passing {
  readonly asked: IncomingMessage;
  readonly to: Address;
  readonly fault: Fault | undefined;
  /** Ends what is held back. */
  readonly signal: AbortSignal;
}

/** Asks the other side what was asked here, and answers. Rejects where the connection is to break. */
export async function passOn(passing: Passing, answer: ServerResponse): Promise<void> {
  const { asked, fault } = passing;
  if (fault?.kind === 'answer') {
    answer.writeHead(fault.status).end(fault.body);
    return;
  }
  if (fault?.kind === 'refuse') throw new Error('refused');

  let body: Buffer | undefined;
  if (fault?.kind === 'twice') {
    body = await buffer(asked);
    const first = ask(passing).end(body);
    // Some answers have no end of their own.
    answer.on('close', () => first.destroy());
    (await responseTo(first)).on('error', () => undefined).resume();
  }
  const upstream = ask(passing);
  answer.on('close', () => upstream.destroy());
  if (body) upstream.end(body);
  else asked.pipe(upstream);
  const told = await responseTo(upstream);
  await hold(passing);

  answer.writeHead(told.statusCode!, told.rawHeaders);
  answer.flushHeaders();
  if (fault?.kind !== 'cut') return pipeline(told, answer);
  await pipeline(told, upTo(fault.afterBytes), answer, { end: false });
  asked.socket.destroySoon();
}

/** The same for a request to make a stream of the connection. */
export async function passUpgradeOn(passing: Passing, head: Buffer): Promise<void> {
  const { asked, fault } = passing;
  const { socket } = asked;
  if (fault?.kind === 'answer') {
    socket.end(`HTTP/1.1 ${fault.status} .\r\nConnection: close\r\n\r\n${fault.body ?? ''}`);
    return;
  }
  if (fault?.kind === 'refuse') throw new Error('refused');

  const [body, more] = await bodyOf(passing, head);
  const upstream = ask(passing);
  socket.on('close', () => upstream.destroy());
  const upgraded = once(upstream, 'upgrade') as Promise<[IncomingMessage, Duplex, Buffer]>;
  const plain = responseTo(upstream);
  upstream.end(body);
  const [told, both, first] = await Promise.race([
    upgraded,
    plain.then((response) => [response, undefined, undefined] as const),
  ]);
  await hold(passing);

  socket.write(headOf(told));
  if (both) {
    socket.write(first);
    both.write(more);
    void pipeline(socket, both).catch(() => undefined);
  }
  const other = both ?? told;
  if (fault?.kind !== 'cut') return pipeline(other, socket);
  await pipeline(other, upTo(fault.afterBytes), socket, { end: false });
  socket.destroySoon();
}

/** What a request to upgrade says besides, which its parser leaves in the stream, and what follows. */
async function bodyOf({ asked, signal }: Passing, head: Buffer): Promise<[Buffer, Buffer]> {
  const length = Number(asked.headers['content-length'] ?? 0);
  let read = head;
  while (read.length < length) {
    const chunk = asked.socket.read() as Buffer | null;
    if (chunk) read = Buffer.concat([read, chunk]);
    else await once(asked.socket, 'readable', { signal });
  }
  return [read.subarray(0, length), read.subarray(length)];
}

function ask({ asked: { method, url, headers }, to }: Passing): ClientRequest {
  const upstream = request({ host: '127.0.0.1', ...to, method, path: url, headers, agent: false });
  // Whoever waits for the answer hears of it too.
  return upstream.on('error', () => undefined);
}

async function responseTo(upstream: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(upstream, 'response')) as [IncomingMessage];
  return response;
}

/** Does to an answer that has come what can be done to it as a whole. */
async function hold({ fault, signal }: Passing): Promise<void> {
  if (fault?.kind === 'lose') throw new Error('lost');
  if (fault?.kind === 'delay') await delay(fault.ms, undefined, { signal });
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, at) =>
    at % 2 ? [] : [`${name}: ${rawHeaders[at + 1]}`],
  );
  return [`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines, '', ''].join('\r\n');
}

function upTo(bytes: number) {
  return async function* (source: AsyncIterable<Buffer>) {
    let left = bytes;
    for await (const chunk of source) {
      yield chunk.subarray(0, left);
      left -= chunk.length;
      if (left <= 0) return;
    }
  };
}
