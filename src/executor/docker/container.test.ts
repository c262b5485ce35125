import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';

import { clientFor } from './connect.ts';
import { Container } from './container.ts';

import type { AddressInfo, Socket } from 'node:net';

const upgraded = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';

describe('the connection to a container', () => {
  it('may break before anybody reads of it', async () => {
    const peers: Socket[] = [];
    const engine = createServer((_, response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"Id":"c1"}');
    });
    engine.on('upgrade', (_, socket: Socket) => {
      peers.push(socket);
      socket.write(upgraded);
    });
    engine.listen(0, '127.0.0.1');
    await once(engine, 'listening');
    const { port } = engine.address() as AddressInfo;
    try {
      const docker = clientFor({ kind: 'tcp', host: '127.0.0.1', port });
      const container = await Container.create(docker, 'c', {});
      const attached = await container.attach(true);
      // Node's `once` would hear an error in the place of whoever should.
      const closed = new Promise((resolve) => void attached.once('close', resolve));
      attached.once('readable', () => undefined);
      for (const peer of peers) peer.resetAndDestroy();
      await closed;
      assert.match(attached.errored?.message ?? '', /ECONNRESET/);
    } finally {
      engine.close();
    }
  });
});
