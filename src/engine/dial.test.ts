import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { it } from 'node:test';

import { systemDial } from './dial.ts';

import type { AddressInfo, Socket } from 'node:net';
import type { ProbeAnswer } from './dial.ts';

/** What a probe for such a body hears from a server that says this. */
async function askFor(pattern: string, text: string): Promise<ProbeAnswer> {
  const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await systemDial.http(
      { kind: 'http', url: `http://localhost:${port}/`, status: [], headers: {}, body: pattern },
      undefined,
      AbortSignal.timeout(10_000),
    );
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

it('takes the ends of lines for ^ and $ in the body of an answer', async () => {
  assert.deepEqual(await askFor('^up$', 'db: down\nup\n'), {
    passed: true,
    text: 'status 200, the body',
  });
});

it('tells how another body begins', async () => {
  assert.deepEqual(await askFor('^up$', '\n  db: down  \nuptime: 3\n'), {
    passed: false,
    text: 'status 200, another body: db: down',
  });
  assert.deepEqual(await askFor('up', ' \n'), {
    passed: false,
    text: 'status 200, another body: an empty one',
  });
});

/** What a tcp probe hears from a server that does this with a connection. */
async function connectTo(
  serve: (socket: Socket) => void,
  isProxied: boolean,
): Promise<ProbeAnswer> {
  const server = createTcpServer((socket) => serve(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const address = { host: '127.0.0.1', port, ...(isProxied && { isProxied }) };
    return await systemDial.tcp(address, AbortSignal.timeout(10_000));
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

it('is not deceived by a proxy that accepts a connection for nobody', async () => {
  const refused = { passed: false, text: 'connection closed at once' };
  const connected = { passed: true, text: 'connected' };
  assert.deepEqual(await connectTo((socket) => socket.destroy(), true), refused);
  assert.deepEqual(await connectTo((socket) => socket.end(), true), refused);
  assert.deepEqual(await connectTo((socket) => socket.write('hello'), true), connected);
  assert.deepEqual(await connectTo((socket) => socket.resume(), true), connected);
  assert.deepEqual(await connectTo((socket) => socket.end(), false), connected);
});
