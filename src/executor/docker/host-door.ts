import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { Server, Socket } from 'node:net';

/** So often it is looked whether a service listens by now. */
const pauseMs = 100;

/**
 * Lets containers in to what listens on `localhost` only: on their side of this machine, the same
 * port is answered and led there. Where the port is answered already, nothing is done; and nothing
 * yet where nobody listens: a service could not take the port of all addresses any more.
 */
export class HostDoor implements AsyncDisposable {
  readonly #address: string;
  readonly #servers = new Set<Server>();
  readonly #passing = new Set<Socket>();
  readonly #awaited = new Set<number>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closed = new AbortController();

  /** `address` is the one of this machine that the containers see. */
  constructor(address: string) {
    this.#address = address;
  }

  /**
   * Settles once the port is answered on the containers' side, or cannot be. While nobody listens
   * on this machine it settles at once, and the port is answered soon after somebody does.
   */
  async open(port: number): Promise<void> {
    if ((await this.#hold(this.#try(port))) || this.#awaited.has(port)) return;
    this.#awaited.add(port);
    void this.#tryAgain(port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#underWay);
    await Promise.all([...this.#servers].map((server) => this.#shut(server)));
  }

  async #tryAgain(port: number): Promise<void> {
    const { signal } = this.#closed;
    do await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    while (!(await this.#hold(this.#try(port))));
    this.#awaited.delete(port);
  }

  /** Whether there is nothing more to be done about the port. */
  async #try(port: number): Promise<boolean> {
    if (this.#closed.signal.aborted || (await isAnswered(this.#address, port))) return true;
    if (!(await isAnswered('localhost', port))) return false;
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#lead(socket, port));
    server.unref();
    try {
      server.listen(port, this.#address);
      await once(server, 'listening');
      this.#servers.add(server);
    } catch {
      // Somebody else answers there by now.
    }
    return true;
  }

  async #shut(server: Server): Promise<void> {
    this.#servers.delete(server);
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#passing) socket.destroy();
    await closed;
  }

  #lead(from: Socket, port: number): void {
    const to = connect({ host: 'localhost', port, allowHalfOpen: true });
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.#passing.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        this.#passing.delete(one);
        other.destroySoon();
      });
    }
  }

  /** Has the closing wait for it. */
  async #hold<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }
}

async function isAnswered(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
