import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { fastify } from 'fastify';

import { freePort } from '../../test/rig/ports.ts';
import { sendPieces } from './send-pieces.ts';

import type { ClientRequest, IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';

type Pieces = (signal: AbortSignal) => AsyncIterable<string | Buffer>;

async function answering(
  pieces: Pieces,
  before: (reply: FastifyReply) => Promise<unknown> = () => Promise.resolve(),
) {
  const app = fastify({ forceCloseConnections: true });
  app.get('/', async (_request, reply) => {
    await before(reply);
    return sendPieces(reply.type('text/plain'), pieces);
  });
  const port = await freePort();
  await app.listen({ port, host: '127.0.0.1' });
  const begin = (method = 'GET'): ClientRequest =>
    request({ port, host: '127.0.0.1', method, agent: false }).end();
  return {
    begin,
    async ask(method?: string): Promise<IncomingMessage> {
      const [response] = (await once(begin(method), 'response')) as [IncomingMessage];
      return response;
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
}

describe('an answer in pieces', () => {
  it('is whole although all of them lie in one buffer, whose reader is slow', async () => {
    const buffer = Buffer.alloc(1_000_000);
    await using server = await answering(async function* () {
      for (let piece = 0; piece < 60; piece += 1) {
        await Promise.resolve();
        yield buffer.fill(piece);
      }
    });
    const response = await server.ask();
    let at = 0;
    for await (const bytes of response as AsyncIterable<Buffer>) {
      // Only for some of them: connections hold megabytes.
      if (at % 7 === 0) await delay(1);
      for (const byte of bytes) if (byte !== Math.floor(at++ / buffer.length)) assert.fail(`${at}`);
    }
    assert.equal(at, 60 * buffer.length);
  });

  it('is made no further when its reader leaves', async () => {
    const ended = Promise.withResolvers<number>();
    let made = 0;
    await using server = await answering(async function* (signal) {
      try {
        while (!signal.aborted) {
          made += 1;
          await Promise.resolve();
          yield Buffer.alloc(1_000_000);
        }
      } finally {
        ended.resolve(made);
      }
    });
    const response = await server.ask();
    response.destroy();
    assert.ok((await ended.promise) < 100);
  });

  it('is told that its reader has left while it was found out what to answer', async () => {
    const arrived = Promise.withResolvers<undefined>();
    const isLeft = Promise.withResolvers<boolean>();
    await using server = await answering(
      async function* (signal) {
        isLeft.resolve(signal.aborted);
        yield await Promise.resolve('a');
      },
      ({ raw }) => {
        arrived.resolve(undefined);
        return once(raw, 'close');
      },
    );
    const asked = server.begin().on('error', () => undefined);
    await arrived.promise;
    asked.destroy();
    assert.ok(await isLeft.promise);
  });

  it('breaks off where something goes wrong, and is a problem when that is before its first piece', async () => {
    let isEarly = false;
    await using server = await answering(async function* () {
      await Promise.resolve();
      if (isEarly) throw new Error('the disk');
      yield 'a';
      throw new Error('the disk');
    });
    const response = await server.ask();
    await assert.rejects(Array.fromAsync(response), /aborted/);
    isEarly = true;
    assert.equal((await server.ask()).statusCode, 500);
  });

  it('begins while its first piece is still waited for', async () => {
    const come = Promise.withResolvers<string>();
    await using server = await answering(async function* () {
      yield await come.promise;
    });
    const response = await server.ask();
    come.resolve('at last');
    assert.equal(String(Buffer.concat(await Array.fromAsync(response))), 'at last');
  });

  it('is not made for who wants nothing but its head', async () => {
    await using server = await answering(() => assert.fail('it is asked for'));
    const response = await server.ask('HEAD');
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-type'], 'text/plain');
    assert.deepEqual(await Array.fromAsync(response), []);
  });
});
