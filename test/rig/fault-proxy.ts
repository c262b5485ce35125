import { once } from 'node:events';
import { createServer } from 'node:http';

import { passOn, passUpgradeOn } from './passing.ts';

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Fault, Address } from './passing.ts';

export interface Rule {
  readonly fault: Fault;
  /** Looked for in `METHOD path`, such as `/^GET .*\/blobs\//`. Absent: every request. */
  readonly when?: RegExp;
  /** How many requests it is for; the rest gets through. Absent: all. */
  readonly times?: number;
}

/**
 * A web proxy on loopback or on a socket file that does to requests what a test tells it to. Fit for
 * the API of a Docker engine, with its endless answers and its streams in both directions.
 */
export class FaultProxy implements AsyncDisposable {
  /** `METHOD path` of every request, in the order in which they came. */
  readonly requests: string[] = [];
  readonly #server = createServer();
  readonly #connections = new Set<Socket>();
  readonly #closing = new AbortController();
  #rules: { rule: Rule; left: number }[] = [];

  private constructor(to: Address) {
    const { signal } = this.#closing;
    const guarded = (asked: IncomingMessage, passing: Promise<void>) =>
      void passing.catch(() => asked.socket.destroy());
    this.#server
      .on('connection', (socket: Socket) => {
        this.#connections.add(socket);
        socket.on('error', () => undefined).on('close', () => this.#connections.delete(socket));
      })
      .on('request', (asked, answer) =>
        guarded(asked, passOn({ asked, to, signal, fault: this.#faultFor(asked) }, answer)),
      )
      .on('upgrade', (asked: IncomingMessage, _socket, head: Buffer) =>
        guarded(asked, passUpgradeOn({ asked, to, signal, fault: this.#faultFor(asked) }, head)),
      );
  }

  /** Listens at one address and asks the other one. */
  static async start(at: Address, to: Address): Promise<FaultProxy> {
    const proxy = new FaultProxy(to);
    proxy.#server.listen('port' in at ? { host: '127.0.0.1', ...at } : { path: at.socketPath });
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Adds a rule. Of several that fit a request, the one that was added first is used. */
  rule(rule: Rule): void {
    this.#rules.push({ rule, left: rule.times ?? Infinity });
  }

  /** Everything gets through again. */
  heal(): void {
    this.#rules = [];
  }

  /** Breaks every connection that is open now. */
  breakConnections(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.breakConnections();
    await closed;
  }

  #faultFor(asked: IncomingMessage): Fault | undefined {
    const line = `${asked.method} ${asked.url}`;
    this.requests.push(line);
    const found = this.#rules.find(({ rule, left }) => left > 0 && (rule.when?.test(line) ?? true));
    if (found) found.left -= 1;
    return found?.rule.fault;
  }
}
