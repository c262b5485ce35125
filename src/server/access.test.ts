import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { host, openTestServer, token } from '../../test/rig/server.ts';

import type { LightMyRequestResponse } from 'fastify';

const list = { method: 'GET', url: '/api/v1/runs' } as const;

function assertProblem(response: LightMyRequestResponse, status: number, kind: string): void {
  assert.equal(response.statusCode, status, response.body);
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
  const body = response.json<Record<string, unknown>>();
  assert.equal(body['type'], `urn:continuo:${kind}`);
  assert.equal(body['status'], status);
  assert.doesNotMatch(response.body, /node_modules|\.ts:|at .*\(/);
}

describe('who is answered', () => {
  it('is whoever shows the token', async () => {
    await using server = await openTestServer();
    assert.equal((await server.ask(list)).statusCode, 200);
  });

  it('is nobody without a token, whatever they ask for', async () => {
    await using server = await openTestServer();
    for (const url of ['/', '/api/v1/runs', '/api/v1/openapi.json', '/nothing', '/login/x']) {
      const response = await server.app.inject({ url, headers: { host } });
      assertProblem(response, 401, 'no-token');
      assert.equal(response.headers['www-authenticate'], 'Bearer');
    }
  });

  it('is nobody who has a token that is almost right, or in the address', async () => {
    await using server = await openTestServer();
    for (const wrong of [`${token}x`, token.slice(1), token.toUpperCase(), ''])
      assert.equal(
        (await server.ask({ ...list, headers: { authorization: `Bearer ${wrong}` } })).statusCode,
        401,
      );
    const url = `/api/v1/runs?token=${token}`;
    assertProblem(await server.app.inject({ url, headers: { host } }), 401, 'no-token');
  });

  it('learns after ten wrong tokens to wait, while the right one is always taken', async () => {
    await using server = await openTestServer();
    const wrong = { ...list, headers: { authorization: 'Bearer wrong' } };
    for (let nth = 1; nth <= 10; nth++) assertProblem(await server.ask(wrong), 401, 'wrong-token');
    const refused = await server.ask(wrong);
    assertProblem(refused, 429, 'too-many-tries');
    assert.equal(refused.headers['retry-after'], '60');
    assert.equal((await server.ask(list)).statusCode, 200);
    server.time.now += 60_000;
    assertProblem(await server.ask(wrong), 401, 'wrong-token');
  });

  it('is nobody who asks by a name that leads here by chance or by malice', async () => {
    await using server = await openTestServer();
    for (const name of ['evil.example', '127.0.0.1', '127.0.0.1:80', `${host}.evil.example`])
      assertProblem(await server.ask({ ...list, headers: { host: name } }), 403, 'strange-host');
  });

  it('is no page of another server', async () => {
    await using server = await openTestServer();
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:3000', `ftp://${host}`])
      assertProblem(await server.ask({ ...list, headers: { origin } }), 403, 'strange-origin');
    const own = { origin: `http://${host}` };
    assert.equal((await server.ask({ ...list, headers: own })).statusCode, 200);
  });

  it('gets no permission to be read by other pages, and runs nothing that is inline', async () => {
    await using server = await openTestServer();
    const { headers } = await server.ask(list);
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.match(String(headers['content-security-policy']), /default-src 'none'/);
    assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
  });
});

describe('a link', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded', host };
  const cookieOf = (response: LightMyRequestResponse): string =>
    String(response.headers['set-cookie']).split(';')[0]!;

  it('is exchanged for a cookie once', async () => {
    await using server = await openTestServer();
    const code = server.access.newCode();
    // Looking at it uses nothing up.
    for (let nth = 1; nth <= 2; nth++) {
      const page = await server.app.inject({ url: `/login?code=${code}`, headers: { host } });
      assert.match(page.body, new RegExp(`value="${code}"`));
    }
    const login = {
      method: 'POST',
      url: '/login',
      payload: `code=${code}`,
      headers: form,
    } as const;
    const first = await server.app.inject(login);
    assert.deepEqual([first.statusCode, first.headers.location], [303, '/']);
    const cookie = String(first.headers['set-cookie']);
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Strict/);
    assert.ok(!cookie.includes(token));
    assertProblem(await server.app.inject(login), 403, 'used-code');
    const asked = await server.app.inject({ ...list, headers: { host, cookie: cookieOf(first) } });
    assert.equal(asked.statusCode, 200);
  });

  it('is of no use after ten minutes', async () => {
    await using server = await openTestServer();
    const payload = `code=${server.access.newCode()}`;
    server.time.now += 600_001;
    const login = { method: 'POST', url: '/login', payload, headers: form } as const;
    assertProblem(await server.app.inject(login), 403, 'used-code');
  });

  it('lets a browser change something only from our own page', async () => {
    await using server = await openTestServer();
    const payload = `code=${server.access.newCode()}`;
    const login = { method: 'POST', url: '/login', payload, headers: form } as const;
    const cookie = cookieOf(await server.app.inject(login));
    const post = { method: 'POST', url: '/api/v1/nothing' } as const;
    assertProblem(
      await server.app.inject({ ...post, headers: { host, cookie } }),
      403,
      'strange-origin',
    );
    const own = { host, cookie, origin: `http://${host}` };
    assertProblem(await server.app.inject({ ...post, headers: own }), 404, 'not-found');
  });

  it('is written into the page only as a code', async () => {
    await using server = await openTestServer();
    const page = await server.app.inject({
      url: '/login?code=%22%3E%3Cscript%3E',
      headers: { host },
    });
    assert.equal(page.statusCode, 200);
    assert.ok(!page.body.includes('<script'));
  });
});
