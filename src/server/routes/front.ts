import { plainStyle, plainStylePath } from '../plain-page.ts';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile, PageFiles } from '../page-files.ts';

/** The page of a browser. */
export function frontRoutes(scope: FastifyInstance, { page }: { readonly page: PageFiles }): void {
  const hidden = { schema: { hide: true } };
  for (const [path, file] of page)
    scope.get(path, { ...hidden, config: { isFront: path === '/' } }, (request, reply) =>
      send(file, request, path === '/' ? reply : reply.header('cache-control', forever)),
    );
  scope.get('/api/v1/docs', { ...hidden, config: { isFront: true } }, (_request, reply) =>
    reply.redirect('/#/api'),
  );
  scope.get(plainStylePath, { ...hidden, config: { isOpen: true } }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(plainStyle),
  );
}

/** What is in it is in its name. */
const forever = 'private, max-age=31536000, immutable';

function send(
  { type, plain, gzip, brotli }: PageFile,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const taken = new Set(
    (headers['accept-encoding']?.toString() ?? '')
      .split(',')
      .map((one) => one.trim().toLowerCase()),
  );
  reply.type(type).header('vary', 'accept-encoding');
  if (brotli && taken.has('br')) return reply.header('content-encoding', 'br').send(brotli);
  if (gzip && taken.has('gzip')) return reply.header('content-encoding', 'gzip').send(gzip);
  return reply.send(plain);
}
