import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';

/**
 * Answers with what `pieces` makes, made as it is read: a slow reader holds nobody up, and takes no memory. The system has
 * each piece before the next one is asked for, so that all of them may lie in one buffer. The signal aborts when nobody reads any
 * more. What is wrong before there is any piece is the caller's to answer.
 */
export async function sendPieces(
  reply: FastifyReply,
  pieces: (signal: AbortSignal) => AsyncIterable<string | Buffer>,
): Promise<FastifyReply> {
  const { raw } = reply;
  if (reply.request.method === 'HEAD') return reply.send();
  const left = new AbortController();
  raw.once('close', () => left.abort());
  const iterator = pieces(left.signal)[Symbol.asyncIterator]();
  let next = await iterator.next();
  reply.hijack();
  try {
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) raw.setHeader(name, value);
    for (; next.done !== true && !left.signal.aborted; next = await iterator.next())
      await written(raw, next.value, left.signal);
    raw.end();
  } catch {
    // Whoever reads sees that it is not whole.
    raw.destroy();
  } finally {
    await iterator.return?.();
  }
  return reply;
}

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
