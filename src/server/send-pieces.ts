import { setTimeout as delay } from 'node:timers/promises';

import { untilLeft } from './until-left.ts';

import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';

/**
 * Answers with what `pieces` makes, made as it is read: a slow reader holds nobody up, and takes no memory. The system has
 * each piece before the next one is asked for, so that all of them may lie in one buffer. The signal aborts when nobody reads any
 * more. What is wrong at once, before there is any piece, is the caller's to answer; then whoever asks hears that there will be
 * an answer, however long the first piece takes.
 */
export async function sendPieces(
  reply: FastifyReply,
  pieces: (signal: AbortSignal) => AsyncIterable<string | Buffer>,
): Promise<FastifyReply> {
  const { raw } = reply;
  if (reply.request.method === 'HEAD') return reply.send();
  const left = untilLeft(reply);
  const iterator = pieces(left)[Symbol.asyncIterator]();
  const first = iterator.next();
  await Promise.race([first, delay(atOnceMs, undefined, { ref: false })]);
  reply.hijack();
  try {
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) raw.setHeader(name, value);
    raw.flushHeaders();
    let next = await first;
    for (; next.done !== true && !left.aborted; next = await iterator.next())
      if (next.value.length > 0) await written(raw, next.value, left);
    raw.end();
  } catch {
    // Whoever reads sees that it is not whole.
    raw.destroy();
  } finally {
    await iterator.return?.();
  }
  return reply;
}

const atOnceMs = 100;

/** Settles once a piece is written, or when nobody reads any more. */
function written(to: ServerResponse, piece: string | Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const leave = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    signal.addEventListener('abort', leave);
    to.write(piece, leave);
  });
}
