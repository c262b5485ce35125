import { wantsPage } from '../guard.ts';
import { plainPage, usedLink } from '../plain-page.ts';
import { sendProblem } from '../problem.ts';

import type { FastifyInstance } from 'fastify';
import type { Access } from '../access.ts';

export interface LoginParts {
  readonly access: Access;
  readonly cookieName: string;
}

/** The path of a link that makes a browser known to the server. */
export const loginPath = (code: string): string => `/login?code=${code}`;

/**
 * Exchanges the code of a link for a cookie. The link itself only leads to a button, since programs
 * open links, too, to look what is there.
 */
export function loginRoutes(scope: FastifyInstance, { access, cookieName }: LoginParts): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 1_024 },
    (_request, body, done) => done(null, new URLSearchParams(body.toString())),
  );
  const open = { schema: { hide: true }, config: { isOpen: true } };
  scope.get('/login', open, (request, reply) => {
    const { code } = request.query as Record<string, unknown>;
    const written = typeof code === 'string' && /^[\w-]{1,100}$/.test(code) ? code : '';
    return reply.type('text/html; charset=utf-8').send(page(written));
  });
  scope.post('/login', open, (request, reply) => {
    const code = request.body instanceof URLSearchParams ? request.body.get('code') : null;
    const exchanged = access.exchange(code ?? '', request.ip);
    if ('problem' in exchanged) {
      const { status } = exchanged.problem;
      return status === 403 && wantsPage(request.headers.accept)
        ? reply.code(status).type('text/html; charset=utf-8').send(usedLink)
        : sendProblem(reply, exchanged.problem);
    }
    return reply
      .setCookie(cookieName, exchanged.cookie, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        maxAge: 30 * 24 * 3_600,
      })
      .redirect('/', 303);
  });
}

const page = (code: string): string =>
  plainPage(`<p>This lets this browser see and start runs on this machine.</p>
<form method="post" action="/login">
<input type="hidden" name="code" value="${code}">
<button autofocus>Go on</button>
</form>`);
