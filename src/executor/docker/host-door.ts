import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import type { Server, Socket } from 'node:net';

/**
 * Lets containers in to what listens on `localhost` only: on their side of this machine, the same
 * port is answered and led there. Where the port is answered already, nothing is done.
 */
export class HostDoor implements AsyncDisposable {
  readonly #address: string;
  readonly #doors = new Map<number, Promise<Server | undefined>>();
  readonly #passing = new Set<Socket>();

  /** `address` is the one of this machine that the containers see. */
  constructor(address: string) {
    this.#address = address;
  }

  /** Settles once the port is answered on the containers' side, or cannot be. */
  async open(port: number): Promise<void> {
    if (await isAnswered(this.#address, port)) return;
    let door = this.#doors.get(port);
    if (!door) {
      door = this.#listen(port);
      this.#doors.set(port, door);
    }
    await door;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#passing) socket.destroy();
    const servers = await Promise.all(this.#doors.values());
    await Promise.all(
      servers.map(async (server) => {
        if (!server) return;
        const closed = once(server, 'close');
        server.close();
        await closed;
      }),
    );
  }

  async #listen(port: number): Promise<Server | undefined> {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#lead(socket, port));
    server.unref();
    try {
      server.listen(port, this.#address);
      await once(server, 'listening');
      return server;
    } catch {
      // Somebody else answers there by now.
      return undefined;
    }
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
