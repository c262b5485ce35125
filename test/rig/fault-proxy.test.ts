import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { text } from 'node:stream/consumers';

import { FaultProxy } from './fault-proxy.ts';

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Counts what it is asked; answers with the body it got, and an upgrade with what comes after. */
class Echo implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'continuo-proxy-'));
  readonly #server = createServer((asked, answer) => {
    this.count += 1;
    asked.pipe(answer);
  }).on(
    'upgrade',
    (asked: IncomingMessage, socket: Socket, head: Buffer) => void echo(asked, socket, head),
  );
  count = 0;

  async proxy(): Promise<FaultProxy> {
    const socketPath = join(this.folder, 'echo');
    this.#server.listen(socketPath);
    await once(this.#server, 'listening');
    return FaultProxy.start({ socketPath: join(this.folder, 'proxy') }, { socketPath });
  }

  /** Says so much to the proxy; what comes back. */
  async says(what: string, method = 'POST'): Promise<string> {
    const asked = request({ socketPath: join(this.folder, 'proxy'), method, path: '/echo' });
    asked.end(what);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return `${answer.statusCode} ${await text(answer)}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    rmSync(this.folder, { recursive: true });
    return Promise.resolve();
  }
}

/** Answers once it has heard the whole request, and says all that was said. */
async function echo({ headers }: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
  let said = head;
  while (said.length < Number(headers['content-length'] ?? 0))
    said = Buffer.concat([said, ...((await once(socket, 'data')) as [Buffer])]);
  socket.write('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  socket.write(said);
  socket.pipe(socket);
}

describe('the fault proxy', () => {
  it('passes on what no rule is for', async () => {
    await using echo = new Echo();
    await using proxy = await echo.proxy();
    proxy.rule({ when: /^GET/, fault: { kind: 'refuse' } });
    assert.equal(await echo.says('pear'), '200 pear');
    assert.deepEqual(proxy.requests, ['POST /echo']);
  });

  it('keeps a rule for as many requests as it says, or until it heals', async () => {
    await using echo = new Echo();
    await using proxy = await echo.proxy();
    proxy.rule({ times: 1, fault: { kind: 'answer', status: 503, body: 'busy' } });
    assert.equal(await echo.says('pear'), '503 busy');
    proxy.rule({ fault: { kind: 'refuse' } });
    await assert.rejects(echo.says('pear'), { code: 'ECONNRESET' });
    assert.equal(echo.count, 0);
    proxy.heal();
    assert.equal(await echo.says('pear'), '200 pear');
  });

  it('loses an answer, cuts it short, or has it given twice', async () => {
    await using echo = new Echo();
    await using proxy = await echo.proxy();
    proxy.rule({ times: 1, fault: { kind: 'lose' } });
    await assert.rejects(echo.says('pear'), { code: 'ECONNRESET' });
    assert.equal(echo.count, 1);
    proxy.rule({ times: 1, fault: { kind: 'twice' } });
    assert.equal(await echo.says('pear'), '200 pear');
    assert.equal(echo.count, 3);
    proxy.rule({ times: 1, fault: { kind: 'cut', afterBytes: 2 } });
    await assert.rejects(echo.says('pear'), { code: 'ECONNRESET' });
  });

  it('holds an answer back, and lets go of it when it ends', async () => {
    await using echo = new Echo();
    const proxy = await echo.proxy();
    proxy.rule({ fault: { kind: 'delay', ms: 3_600_000 } });
    const never = assert.rejects(echo.says('pear'), { code: 'ECONNRESET' });
    while (echo.count === 0) await new Promise(setImmediate);
    await proxy[Symbol.asyncDispose]();
    await never;
  });

  it('passes both directions of an upgraded connection, up to the byte that it is told', async () => {
    await using echo = new Echo();
    await using proxy = await echo.proxy();
    const upgraded = async (): Promise<Socket> => {
      const headers = { Connection: 'Upgrade', Upgrade: 'tcp' };
      const socketPath = join(echo.folder, 'proxy');
      const asked = request({ socketPath, method: 'POST', path: '/attach', headers }).end();
      const [, socket] = (await once(asked, 'upgrade')) as [IncomingMessage, Socket];
      return socket;
    };
    const whole = await upgraded();
    whole.end('pear and plum');
    assert.equal(await text(whole), 'pear and plum');
    proxy.rule({ fault: { kind: 'cut', afterBytes: 4 } });
    const short = await upgraded();
    short.write('pear and plum');
    assert.equal(await text(short), 'pear');
  });

  it('passes on what a request for such a connection says', async () => {
    await using echo = new Echo();
    await using proxy = await echo.proxy();
    const headers = { Connection: 'Upgrade', Upgrade: 'tcp', 'Content-Length': 4 };
    const socketPath = join(echo.folder, 'proxy');
    const asked = request({ socketPath, method: 'POST', path: '/exec', headers }).end('pear');
    const [, socket, first] = (await once(asked, 'upgrade')) as [IncomingMessage, Socket, Buffer];
    socket.end(' and plum');
    assert.equal(first.toString() + (await text(socket)), 'pear and plum');
  });

  it('breaks the connections that are open', async () => {
    await using echo = new Echo();
    await using proxy = await echo.proxy();
    const asked = request({ socketPath: join(echo.folder, 'proxy'), method: 'POST' });
    asked.write('pear');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    await once(answer, 'data');
    proxy.breakConnections();
    await assert.rejects(text(answer), { code: 'ECONNRESET' });
    assert.equal(await echo.says('plum'), '200 plum');
  });
});
