import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { endpointUrl, findEndpoint } from './endpoint.ts';

import type { Endpoint, Environment } from './endpoint.ts';

/** What is found, or the sentence that says why nothing is. */
const found = (environment: Environment): unknown => {
  const endpoint = findEndpoint({ HOME: '/nowhere', ...environment });
  return endpoint.ok ? endpoint.value : endpoint.failure;
};

const socket = (path: string): Endpoint => ({ kind: 'socket', path });
const tcp = (host: string, port: number): Endpoint => ({ kind: 'tcp', host, port });

describe('DOCKER_HOST', () => {
  it('names a socket, a host or a login', () => {
    for (const [host, expected] of [
      ['unix:///run/x.sock', socket('/run/x.sock')],
      ['/run/x.sock', socket('/run/x.sock')],
      ['unix://', socket('/var/run/docker.sock')],
      ['tcp://10.0.0.1:4243', tcp('10.0.0.1', 4243)],
      ['tcp://engine', tcp('engine', 2375)],
      ['http://engine:80', tcp('engine', 80)],
      ['https://engine', { ...tcp('engine', 2376), tls: {} }],
      ['engine:1234', tcp('engine', 1234)],
      ['tcp://[::1]:2375', tcp('::1', 2375)],
      ['ssh://engine', { kind: 'ssh', host: 'engine' }],
      ['ssh://me@engine:22', { kind: 'ssh', host: 'engine', port: 22, username: 'me' }],
      ['ssh://a%40b@engine', { kind: 'ssh', host: 'engine', username: 'a@b' }],
      ['ssh://100%@engine', { kind: 'ssh', host: 'engine', username: '100%' }],
    ] as const)
      assert.deepEqual(found({ DOCKER_HOST: host }), expected, host);
  });

  it('is told back as it would have to be written', () => {
    for (const host of [
      'unix:///run/x.sock',
      'tcp://10.0.0.1:4243',
      'tcp://[::1]:2375',
      'ssh://engine',
      'ssh://a%40b%3Ac@engine:22',
    ]) {
      const endpoint = found({ DOCKER_HOST: host }) as Endpoint;
      assert.equal(endpointUrl(endpoint), host);
      assert.deepEqual(found({ DOCKER_HOST: endpointUrl(endpoint) }), endpoint);
    }
  });

  it('is quoted when it names nothing', () => {
    for (const host of [
      'npipe:////./pipe/docker',
      'tcp://',
      'tcp://a:99999',
      'fd://',
      'a b',
      '://',
    ])
      assert.equal(
        found({ DOCKER_HOST: host }),
        `DOCKER_HOST is '${host}', which is neither unix://, tcp:// nor ssh://`,
      );
  });
});

describe('findEndpoint', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'continuo-endpoint-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (file: string, text: string): void => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  };

  const idOf = (context: string): string => createHash('sha256').update(context).digest('hex');
  const metaOf = (context: string): string => `contexts/meta/${idOf(context)}/meta.json`;
  const writeContext = (name: string, Host: string): void =>
    write(metaOf(name), JSON.stringify({ Name: name, Endpoints: { docker: { Host } } }));

  it('prefers DOCKER_HOST to DOCKER_CONTEXT to the context of the configuration', () => {
    write('config.json', JSON.stringify({ currentContext: 'kept' }));
    writeContext('kept', 'tcp://kept:1');
    writeContext('asked', 'tcp://asked:1');
    const kept = { DOCKER_CONFIG: folder };
    const asked = { ...kept, DOCKER_CONTEXT: 'asked' };
    assert.deepEqual(found({ ...asked, DOCKER_HOST: 'tcp://given:1' }), tcp('given', 1));
    assert.deepEqual(found(asked), tcp('asked', 1));
    assert.deepEqual(found(kept), tcp('kept', 1));
  });

  it('takes what is empty for not given, as Docker does', () => {
    write('.docker/config.json', JSON.stringify({ currentContext: 'kept' }));
    write(`.docker/${metaOf('kept')}`, '{"Endpoints":{"docker":{"Host":"tcp://kept:1"}}}');
    const empty = { DOCKER_HOST: '', DOCKER_CONTEXT: '', DOCKER_CONFIG: '', DOCKER_CERT_PATH: '' };
    assert.deepEqual(found({ ...empty, DOCKER_TLS_VERIFY: '', HOME: folder }), tcp('kept', 1));
  });

  it('finds the configuration in the home of the person', () => {
    write('.docker/config.json', JSON.stringify({ currentContext: 'kept' }));
    write(`.docker/${metaOf('kept')}`, '{"Endpoints":{"docker":{"Host":"ssh://me@kept"}}}');
    assert.deepEqual(found({ HOME: folder }), { kind: 'ssh', host: 'kept', username: 'me' });
  });

  it('says which context is not there, or names no engine', () => {
    const meta = join(folder, metaOf('gone'));
    const environment = { DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'gone' };
    const isGone = `the Docker context 'gone' is not there (${meta})`;
    assert.equal(found(environment), isGone);
    write(metaOf('gone'), 'no JSON');
    assert.equal(found(environment), isGone);
    for (const Host of ['', 'npipe://x']) {
      writeContext('gone', Host);
      const said = `the Docker context 'gone' is '${Host}', which is neither unix://, tcp:// nor ssh://`;
      assert.equal(found(environment), said);
    }
    write(metaOf('gone'), '{}');
    assert.match(String(found(environment)), /^the Docker context 'gone' is '', which/);
  });

  it('asks the usual sockets under the context named default, and with no configuration to be read', () => {
    const usual = found({ DOCKER_CONFIG: folder });
    for (const text of [
      '',
      'no JSON',
      'null',
      '[]',
      '{"currentContext":7}',
      '{"currentContext":""}',
    ]) {
      write('config.json', text);
      assert.deepEqual(found({ DOCKER_CONFIG: folder }), usual, text);
    }
    assert.deepEqual(found({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'default' }), usual);
    if (typeof usual === 'string')
      assert.match(usual, /^there is no socket at \/var\/run\/docker\.sock, /);
    else assert.equal((usual as Endpoint).kind, 'socket');
  });

  describe('with TLS', () => {
    const tls = { ca: 'the ca', cert: 'the cert', key: 'the key' };
    const writeKeys = (at: string): void => {
      for (const [name, text] of Object.entries(tls)) write(join(at, `${name}.pem`), text);
    };

    it('reads keys from DOCKER_CERT_PATH', () => {
      writeKeys('keys');
      const environment = { DOCKER_CERT_PATH: join(folder, 'keys'), DOCKER_TLS_VERIFY: '1' };
      assert.deepEqual(found({ ...environment, DOCKER_HOST: 'tcp://a' }), {
        ...tcp('a', 2376),
        tls,
      });
      assert.deepEqual(found({ ...environment, DOCKER_HOST: 'tcp://a:1' }), {
        ...tcp('a', 1),
        tls,
      });
      assert.deepEqual(found({ ...environment, DOCKER_HOST: '/x' }), socket('/x'));
    });

    it('reads them from the configuration when they are wanted and nobody says where they are', () => {
      writeKeys('.');
      const environment = { DOCKER_CONFIG: folder, DOCKER_HOST: 'tcp://a', DOCKER_TLS_VERIFY: '1' };
      assert.deepEqual(found(environment), { ...tcp('a', 2376), tls });
      rmSync(join(folder, 'key.pem'));
      rmSync(join(folder, 'cert.pem'));
      assert.deepEqual(found(environment), { ...tcp('a', 2376), tls: { ca: 'the ca' } });
    });

    it('reads those of a context from its own folder', () => {
      writeContext('far', 'tcp://far');
      writeKeys(`contexts/tls/${idOf('far')}/docker`);
      const environment = { DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'far' };
      assert.deepEqual(found(environment), { ...tcp('far', 2376), tls });
    });
  });
});
