import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { parseImageName } from './image-name.ts';
import { askForVerdict } from './registry-verdict.ts';

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RegistryLogin } from './registry-auth.ts';

const login: RegistryLogin = { kind: 'password', username: 'ann', password: 'secret' };

describe('a registry that sends those who ask for a token', () => {
  let answer: (path: string, token: string | undefined) => number;
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const [kind, token] = request.headers.authorization?.split(' ') ?? [];
    const path = new URL(request.url ?? '', 'http://x').pathname;
    asked.push(`${path} ${kind ?? 'nobody'}`);
    const status = answer(path, token);
    const challenge = `Bearer realm="${realm}",service="s",scope="x"`;
    response.writeHead(status, status === 401 ? { 'www-authenticate': challenge } : {});
    response.end(path === '/token' ? '{"token":"t"}' : '{}');
  });
  let host: string;
  let realm: string;

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    realm = `http://${host}/token`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const verdict = (as?: RegistryLogin): Promise<string | undefined> => {
    const name = parseImageName(`${host}/team/app:1`);
    assert.ok(name.ok);
    asked.length = 0;
    return askForVerdict(name.value, as, new AbortController().signal);
  };

  it('says what it has for those who need none', async () => {
    answer = (path, token) => {
      if (path === '/token') return 200;
      if (token !== 't') return 401;
      return path.includes('manifests') ? 404 : 200;
    };
    assert.equal(await verdict(), `the registry ${host} has image 'team/app', but no tag '1'`);
    assert.deepEqual(asked, [
      '/v2/team/app/tags/list nobody',
      '/token nobody',
      '/v2/team/app/tags/list Bearer',
      '/v2/team/app/manifests/1 Bearer',
    ]);
  });

  it('does not tell strangers whether it has an image', async () => {
    answer = (path) => (path === '/token' ? 200 : 401);
    assert.equal(
      await verdict(),
      `the registry ${host} has no image 'team/app' that can be had without credentials`,
    );
  });

  it('says whether it was the credentials or what they allow', async () => {
    answer = () => 401;
    assert.equal(
      await verdict(login),
      `the registry ${host} did not accept the credentials of user 'ann'`,
    );
    answer = (path) => (path === '/token' ? 200 : 401);
    assert.equal(
      await verdict(login),
      `the registry ${host} has no image 'team/app' that user 'ann' may have`,
    );
    assert.ok(asked.includes('/token Basic'));
  });

  it('is told no password in the clear when it sends us elsewhere', async () => {
    realm = 'http://registry.invalid/token';
    answer = (path) => (path === '/token' ? 200 : 401);
    assert.equal(await verdict(login), undefined);
    realm = `http://${host}/token`;
  });

  it('may not tell at all', async () => {
    answer = () => 302;
    assert.equal(await verdict(), undefined);
    answer = () => 200;
    assert.equal(await verdict(), undefined);
    const name = parseImageName('127.0.0.1:1/app');
    assert.ok(name.ok);
    assert.equal(await askForVerdict(name.value, login, AbortSignal.abort()), undefined);
  });
});
