import type { FastifyReply } from 'fastify';

/** Aborts when nobody waits for an answer any more, who may have left while it was found out what to answer. */
export function untilLeft({ raw }: FastifyReply): AbortSignal {
  if (raw.closed || raw.destroyed) return AbortSignal.abort();
  const left = new AbortController();
  raw.once('close', () => left.abort());
  return left.signal;
}
