import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, it } from 'node:test';

import { freePort } from '../../test/rig/ports.ts';
import { isItself, openConnection } from './connection.ts';

import type { AddressInfo } from 'node:net';

const never = new AbortController().signal;

describe('a connection', () => {
  for (const host of ['127.0.0.1', '::1'])
    it(`to localhost finds a server that listens on ${host} only`, async () => {
      const server = createServer().listen(0, host);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const opened = await openConnection({ host: 'localhost', port }, never);
      assert.ok(opened.ok);
      opened.value.destroy();
      server.close();
      await once(server, 'close');
    });

  it('is refused where nobody listens', async () => {
    const opened = await openConnection({ host: 'localhost', port: await freePort() }, never);
    assert.deepEqual(opened, { ok: false, failure: 'connection refused' });
  });

  it('with itself is known', async () => {
    // What the kernel does once in some ten thousand times is asked for here.
    const port = await freePort();
    const itself = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.1', localPort: port });
    await once(itself, 'connect');
    assert.equal(isItself(itself), true);
    itself.resetAndDestroy();
  });

  it('that is no longer wanted settles', async () => {
    const opened = await openConnection({ host: '127.0.0.1', port: 9 }, AbortSignal.abort());
    assert.equal(opened.ok, false);
  });
});
