import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'node:test';

import { freePort } from '../../../test/rig/ports.ts';
import { HostDoor } from './host-door.ts';

import type { Server, Socket } from 'node:net';

/** Stands for the address that containers see this machine at. */
const outside = '127.0.0.2';

class Listener implements AsyncDisposable {
  readonly #server: Server;
  readonly sockets = new Set<Socket>();

  private constructor(answer: (socket: Socket) => void) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      answer(socket);
    });
  }

  static async on(
    port: number,
    host: string,
    answer: (socket: Socket) => void = (socket) => socket.end(`from ${host}`),
  ): Promise<Listener> {
    const listener = new Listener(answer);
    listener.#server.listen(port, host);
    await once(listener.#server, 'listening');
    return listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** What a client in a container is told, or the code of its error. */
async function ask(port: number, question = ''): Promise<string> {
  const socket = connect({ host: outside, port, allowHalfOpen: true });
  socket.end(question);
  try {
    return await text(socket);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

const until = async (fact: () => Promise<boolean>): Promise<void> => {
  while (!(await fact())) await delay(5);
};

describe('the door of this machine', () => {
  it('lets containers in to what listens on localhost only', async () => {
    const port = await freePort();
    await using _service = await Listener.on(port, '127.0.0.1');
    assert.equal(await ask(port), 'ECONNREFUSED');
    await using door = new HostDoor(outside);
    await Promise.all([door.open(port), door.open(port)]);
    assert.equal(await ask(port), 'from 127.0.0.1');
    await door.open(port);
    assert.equal(await ask(port), 'from 127.0.0.1');
  });

  it('carries both ways to the end, each way by itself', async () => {
    const port = await freePort();
    const echo = (socket: Socket): void => {
      text(socket).then(
        (said) => socket.end(said.toUpperCase()),
        () => undefined,
      );
    };
    await using _service = await Listener.on(port, '127.0.0.1', echo);
    await using door = new HostDoor(outside);
    await door.open(port);
    const long = 'abcdefgh'.repeat(100_000);
    const all = await Promise.all([ask(port, long), ask(port, 'a'), ask(port)]);
    assert.deepEqual(all, [long.toUpperCase(), 'A', '']);
  });

  it('stays shut where containers are answered already', async () => {
    const port = await freePort();
    await using _everywhere = await Listener.on(port, '0.0.0.0');
    await using door = new HostDoor(outside);
    await door.open(port);
    assert.equal(await ask(port), 'from 0.0.0.0');
  });

  it('leaves a port to a service that does not listen yet, and opens when it listens on localhost only', async () => {
    for (const everywhere of ['0.0.0.0', '::']) {
      const port = await freePort();
      await using door = new HostDoor(outside);
      await door.open(port);
      assert.equal(await ask(port), 'ECONNREFUSED');
      await using _service = await Listener.on(port, everywhere);
      assert.equal(await ask(port), `from ${everywhere}`);
    }
    const port = await freePort();
    await using door = new HostDoor(outside);
    await door.open(port);
    await using _service = await Listener.on(port, '127.0.0.1');
    await until(async () => (await ask(port)) === 'from 127.0.0.1');
  });

  it('is open at once when it is asked for again and the service listens by now', async () => {
    const port = await freePort();
    await using door = new HostDoor(outside);
    await door.open(port);
    await using _service = await Listener.on(port, '127.0.0.1');
    await door.open(port);
    assert.equal(await ask(port), 'from 127.0.0.1');
  });

  it('ends a connection whose service breaks off or is gone', async () => {
    const port = await freePort();
    await using door = new HostDoor(outside);
    {
      await using _service = await Listener.on(port, '127.0.0.1', (socket) => {
        socket.write('half');
        socket.once('data', () => socket.resetAndDestroy());
      });
      await door.open(port);
      const client = connect({ host: outside, port });
      client.on('error', () => undefined);
      client.once('data', () => client.write('x'));
      await once(client, 'close');
    }
    assert.match(await ask(port), /^$|ECONNRESET/);
  });

  it('is shut in the end, whatever passes it, and however often that is asked for', async () => {
    const port = await freePort();
    await using service = await Listener.on(port, '127.0.0.1', (socket) => void socket.write('hi'));
    const door = new HostDoor(outside);
    await door.open(port);
    const client = connect({ host: outside, port });
    client.on('error', () => undefined);
    await once(client, 'data');
    const [inside] = [...service.sockets].slice(-1);
    const ended = Promise.all([once(client, 'close'), once(inside!, 'close')]);
    inside!.resume();
    inside!.once('end', () => inside!.end());
    await Promise.all([door[Symbol.asyncDispose](), door[Symbol.asyncDispose]()]);
    await ended;
    assert.equal(await ask(port), 'ECONNREFUSED');
  });

  it('does not open any more once it was shut, also when that was just being done', async () => {
    const port = await freePort();
    await using _service = await Listener.on(port, '127.0.0.1');
    const door = new HostDoor(outside);
    const opening = door.open(port);
    await door[Symbol.asyncDispose]();
    await opening;
    await door.open(port);
    assert.equal(await ask(port), 'ECONNREFUSED');
  });
});
