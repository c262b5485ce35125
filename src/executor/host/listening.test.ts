import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';

import { processTable } from '../common/process-table.ts';
import { listenerOn, listeningOf } from './listening.ts';

import type { Identity } from '../common/process-table.ts';

/** A program of that name that listens on a port of its own until it is ended. */
async function listener(title: string, host = '127.0.0.1'): Promise<Listener> {
  const text = `process.title = ${JSON.stringify(title)};
    const server = require('net').createServer();
    server.listen(0, '${host}', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    port: Number(line),
    ...processTable.find(child.pid!)!,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

interface Listener extends Identity, AsyncDisposable {
  readonly port: number;
}

const none = (): Identity[] => [];

describe('who listens on a port', { skip: process.platform !== 'linux' }, () => {
  it('is the task if one of its processes does', async () => {
    await using server = await listener('server');
    assert.deepEqual(await listeningOf(server.port, () => [server], server), { by: 'task' });
  });

  it('is a stranger with a pid and a command line otherwise', async () => {
    await using server = await listener('server');
    const listening = await listeningOf(server.port, none, server);
    assert.ok(listening.by === 'stranger');
    assert.equal(listening.stranger.pid, server.pid);
    assert.match(listening.stranger.command, /server/);
    assert.deepEqual(await listenerOn(server.port), listening.stranger);
  });

  it('is the task if a forwarder does that came after it', async () => {
    await using forwarder = await listener('docker-proxy');
    const { pid, start, port } = forwarder;
    assert.deepEqual(await listeningOf(port, none, { pid: 1, start: start - 1 }), { by: 'task' });
    assert.equal((await listeningOf(port, none, { pid: 1, start: start + 1 })).by, 'stranger');
    assert.equal((await listenerOn(port))?.pid, pid);
  });

  it('is not the one who listens at an address that nobody asks', async () => {
    await using resolver = await listener('resolver', '127.0.0.53');
    assert.equal(await listenerOn(resolver.port), undefined);
    assert.deepEqual(await listeningOf(resolver.port, none, resolver), { by: 'nobody' });
    assert.deepEqual(await listeningOf(resolver.port, () => [resolver], resolver), { by: 'task' });
  });

  it('is nobody once it has ended', async () => {
    const server = await listener('server');
    await server[Symbol.asyncDispose]();
    assert.deepEqual(await listeningOf(server.port, none, server), { by: 'nobody' });
    assert.equal(await listenerOn(server.port), undefined);
  });
});
