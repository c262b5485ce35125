import type { FastifyInstance } from 'fastify';

/** Where CIX's server describes itself: the page that tries its routes, and what a client is made of. */
export function docsRoutes(scope: FastifyInstance): void {
  const hidden = { schema: { hide: true } };
  const toPage = { ...hidden, config: { isFront: true } };
  for (const path of ['/api-docs', '/api-docs/'])
    scope.get(path, toPage, (_request, reply) => reply.redirect('/api/v1/docs'));
  scope.get('/api-docs/swagger.json', hidden, (_request, reply) =>
    reply.redirect('/api/v1/openapi.json'),
  );
}
