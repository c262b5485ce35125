import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { findLogin, toAuthConfig } from './registry-auth.ts';

const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });

describe('the login that Docker keeps', () => {
  let folder: string;
  const warnings: string[] = [];

  before(() => (folder = mkdtempSync(join(tmpdir(), 'continuo-login-'))));
  after(() => rmSync(folder, { recursive: true }));

  const find = (host: string, config: unknown): ReturnType<typeof findLogin> => {
    writeFileSync(
      join(folder, 'config.json'),
      typeof config === 'string' ? config : JSON.stringify(config),
    );
    warnings.length = 0;
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
    const environment = { DOCKER_CONFIG: folder, HOME: '/nowhere', PATH };
    const warn = (text: string): void => void warnings.push(text);
    return findLogin(host, environment, warn, new AbortController().signal);
  };

  const helper = (name: string, script: string): void =>
    writeFileSync(join(folder, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`, {
      mode: 0o755,
    });

  const ann = { kind: 'password', username: 'ann', password: 'a:b' } as const;

  it('is found by the host, also as older programs wrote it', async () => {
    for (const key of ['r.example:5000', 'https://r.example:5000', 'https://r.example:5000/v1/'])
      assert.deepEqual(await find('r.example:5000', { auths: { [key]: auth('ann:a:b') } }), ann);
    assert.equal(await find('other.example', { auths: { 'r.example': auth('x:y') } }), undefined);
    assert.equal(await find('r.example', { auths: { 'r.example': {} } }), undefined);
    assert.deepEqual(warnings, []);
  });

  it('is found for the Docker Hub, which has an address of its own there', async () => {
    const auths = { 'https://index.docker.io/v1/': auth('ann:a:b') };
    assert.deepEqual(await find('docker.io', { auths }), ann);
    assert.deepEqual(toAuthConfig(ann, 'docker.io'), {
      username: 'ann',
      password: 'a:b',
      serveraddress: 'https://index.docker.io/v1/',
    });
  });

  it('may be a token', async () => {
    const login = await find('r', { auths: { r: { ...auth('ann:'), identitytoken: 'tok' } } });
    assert.deepEqual(login, { kind: 'token', identityToken: 'tok' });
    assert.deepEqual(toAuthConfig(login, 'r'), { identitytoken: 'tok', serveraddress: 'r' });
  });

  it('is asked of the helper of its registry, else of the one for all, else it is in the file', async () => {
    helper('one', `cat > "$DOCKER_CONFIG/asked"; echo '{"Username":"one","Secret":"1"}'`);
    helper('all', `echo '{"Username":"<token>","Secret":"2"}'`);
    helper('none', `echo 'credentials not found in native keychain'; exit 1`);
    const config = {
      credHelpers: { r: 'one', s: 'none' },
      credsStore: 'all',
      auths: { s: auth('ann:a:b') },
    };
    assert.deepEqual(await find('r', config), { kind: 'password', username: 'one', password: '1' });
    assert.equal(readFileSync(join(folder, 'asked'), 'utf8'), 'r');
    assert.deepEqual(await find('t', config), { kind: 'token', identityToken: '2' });
    assert.deepEqual(await find('s', config), ann);
    assert.deepEqual(warnings, []);
  });

  it('is missed with a warning when a helper fails, and what that printed is not told', async () => {
    helper('broken', 'echo secret; echo secret >&2; exit 3');
    helper('odd', 'echo secret');
    for (const [name, why] of [
      ['broken', /docker-credential-broken.* for r, failed: exit code 3/],
      ['odd', /docker-credential-odd.* did not answer in JSON/],
      ['absent', /docker-credential-absent.* was not found/],
    ] as const) {
      assert.equal(await find('r', { credsStore: name }), undefined);
      assert.match(warnings.join(), why);
      assert.doesNotMatch(warnings.join(), /secret/);
    }
  });

  it('is missed with a warning when the file is none, and without when it is not there', async () => {
    assert.equal(await find('r', '{"auths": {"r": {"auth": "secret" '), undefined);
    assert.match(warnings.join(), /config\.json is not used/);
    assert.doesNotMatch(warnings.join(), /secret/);
    const home = join(folder, 'home');
    mkdirSync(home);
    const warn = (text: string): void => assert.fail(text);
    const { signal } = new AbortController();
    assert.equal(await findLogin('r', { HOME: home }, warn, signal), undefined);
  });

  it('is looked for in the home folder when nothing else is said', async () => {
    const home = join(folder, 'other');
    mkdirSync(join(home, '.docker'), { recursive: true });
    const auths = { r: auth('ann:a:b') };
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ auths }));
    const warn = (text: string): void => assert.fail(text);
    const { signal } = new AbortController();
    assert.deepEqual(await findLogin('r', { HOME: home }, warn, signal), ann);
  });

  it('is not waited for any more after an abort', async () => {
    helper('slow', 'exec sleep 60');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ credsStore: 'slow' }));
    const environment = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const leaving = new AbortController();
    const warn = (text: string): void => assert.fail(text);
    const login = findLogin('r', environment, warn, leaving.signal);
    setImmediate(() => leaving.abort());
    assert.equal(await login, undefined);
  });
});
