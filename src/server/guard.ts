import { howToGetIn } from './plain-page.ts';
import { sendProblem } from './problem.ts';

import type { FastifyInstance } from 'fastify';
import type { Access } from './access.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers those who have no token yet. */
    readonly isOpen?: boolean;
    /** Browsers come here first. */
    readonly isFront?: boolean;
    /** Changes something, whatever its method. */
    readonly isChange?: boolean;
  }
}

/** Nothing of other servers, nothing inline, no frame around us. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  // With `no-referrer`, a browser tells no origin with a form, either.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Has every request looked at before anything is done for it, the one for what is not there, too. */
export function guard(app: FastifyInstance, access: Access, cookieName: string): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    const { host, origin, authorization, 'sec-fetch-site': fetchSite } = request.headers;
    const { isOpen, isChange } = request.routeOptions.config;
    const refused = access.refusal({
      isSafe: isChange !== true && (request.method === 'GET' || request.method === 'HEAD'),
      host,
      origin,
      authorization,
      fetchSite: fetchSite?.toString(),
      cookie: request.cookies[cookieName],
      from: request.ip,
      isOpen: isOpen === true,
    });
    if (!refused) return;
    if (refused.status === 401) reply.header('www-authenticate', 'Bearer');
    if (refused.status === 429) reply.header('retry-after', '60');
    const isBrowser = wantsPage(request.headers.accept);
    if (refused.status === 401 && isBrowser && request.routeOptions.config.isFront === true)
      return reply.code(401).type('text/html; charset=utf-8').send(howToGetIn);
    return sendProblem(reply, refused);
  });
}

/** Whether a person will see the answer. */
export const wantsPage = (accept: string | undefined): boolean =>
  accept?.includes('text/html') === true;
