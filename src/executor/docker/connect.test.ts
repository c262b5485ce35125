import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';

import { PuppetEngine, json } from '../../../test/rig/puppet-engine.ts';
import { freePort } from '../../../test/rig/ports.ts';
import { messageOf, statusOf } from './asking.ts';
import { clientFor, connect, connectTo } from './connect.ts';

import type { Answer } from '../../../test/rig/puppet-engine.ts';

const docker = { Version: '28.2.2', Components: [{ Name: 'Engine', Version: '28.2.2' }] };
const podman = { Version: '4.3.1', Components: [{ Name: 'Podman Engine', Version: '4.3.1' }] };

const answering = async (answer: Answer): Promise<unknown> => {
  await using engine = await PuppetEngine.start(answer);
  const connection = await connectTo({ kind: 'socket', path: engine.path });
  if (!connection.ok) return connection.failure.replace(engine.path, '…');
  const { kind, version } = connection.value;
  return { kind, version };
};

describe('connectTo', () => {
  it('tells which engine it is', async () => {
    assert.deepEqual(await answering(json(200, docker)), {
      kind: 'docker',
      version: 'Docker 28.2.2',
    });
    assert.deepEqual(await answering(json(200, podman)), {
      kind: 'podman',
      version: 'Podman 4.3.1',
    });
    const old = { Version: '1.13.1' };
    assert.deepEqual(await answering(json(200, old)), { kind: 'docker', version: 'Docker 1.13.1' });
  });

  it('says that what answers is no engine', async () => {
    const noEngine = 'what answers at unix://… is no Docker engine';
    const page: Answer = (_, response) => response.end('<html>hello</html>');
    for (const answer of [page, json(200, {}), json(200, null), json(200, { Version: 7 })])
      assert.equal(await answering(answer), noEngine);
  });

  it('says what an engine says that does not want to', async () => {
    const said = await answering(json(503, { message: 'starting up' }));
    assert.equal(said, 'no Docker engine answers at unix://…: starting up');
  });

  it('is told when an answer breaks off', async () => {
    const half: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"Version":', () => response.destroy());
    };
    assert.match(String(await answering(half)), /^no Docker engine answers at unix:\/\/…: \w/);
  });

  it('says so when nobody listens', async () => {
    const path = '/nowhere/docker.sock';
    assert.deepEqual(await connectTo({ kind: 'socket', path }), {
      ok: false,
      failure: `no Docker engine answers at unix://${path}: nobody listens there`,
    });
    const port = await freePort();
    assert.deepEqual(await connectTo({ kind: 'tcp', host: '127.0.0.1', port }), {
      ok: false,
      failure: `no Docker engine answers at tcp://127.0.0.1:${port}: nobody listens there`,
    });
    assert.deepEqual(await connect({ DOCKER_HOST: 'x://y' }), {
      ok: false,
      failure:
        "there is no Docker engine: DOCKER_HOST is 'x://y', which is neither unix://, tcp:// nor ssh://",
    });
  });

  it('finds an engine by TCP where DOCKER_HOST says', async () => {
    await using engine = await PuppetEngine.start(json(200, docker));
    const port = await freePort();
    const way = createServer((socket) => {
      socket.pipe(engine.connect()).pipe(socket);
    }).listen(port, '127.0.0.1');
    try {
      const connection = await connect({ DOCKER_HOST: `tcp://127.0.0.1:${port}` });
      assert.ok(connection.ok);
      assert.equal(connection.value.where, `tcp://127.0.0.1:${port}`);
    } finally {
      way.close();
    }
  });
});

describe('a client', () => {
  it('makes a connection for each request', async () => {
    await using engine = await PuppetEngine.start(json(200, docker));
    const client = clientFor({ kind: 'socket', path: engine.path });
    for (let time = 0; time < 3; time++) await client.version();
    assert.equal(engine.connections, 3);
  });

  it('tells a refusal with its status and the words of the engine, and silence without', async () => {
    await using engine = await PuppetEngine.start();
    const client = clientFor({ kind: 'socket', path: engine.path });
    const refusal = async (answer: Answer): Promise<unknown> => {
      engine.answer = answer;
      return client
        .getContainer('x')
        .inspect()
        .catch((error: unknown) => error);
    };
    const missing = await refusal(json(404, { message: 'No such container: x\n' }));
    assert.deepEqual([statusOf(missing), messageOf(missing)], [404, 'No such container: x']);
    const broken = await refusal((_, response) => response.writeHead(500).end('out of order'));
    assert.equal(statusOf(broken), 500);
    assert.match(messageOf(broken), /out of order/);
    const cut = await refusal((request) => request.socket.destroy());
    assert.equal(statusOf(cut), undefined);
    assert.match(messageOf(cut), /socket hang up/);
  });

  it('keeps no connection open for a stream that it is refused', async () => {
    await using engine = await PuppetEngine.start();
    const closed = Promise.withResolvers<undefined>();
    engine.answer = (request, response) => {
      request.socket.once('close', () => closed.resolve(undefined));
      json(409, { message: 'it does not run' })(request, response);
    };
    const client = clientFor({ kind: 'socket', path: engine.path });
    const options = { stream: true, stdin: true, stdout: true, hijack: true };
    await assert.rejects(client.getContainer('x').attach(options), /it does not run/);
    await closed.promise;
  });
});
