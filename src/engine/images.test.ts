import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fillRegistries, findImage } from './images.ts';

import type { Registry } from '../plan/plan.ts';

const variables = new Map([
  ['USER', 'me'],
  ['PASSWORD', 'p$$A'],
  ['HOST', 'set.example.com'],
  ['EMPTY', ''],
]);
const credentials = { username: [{ variable: 'USER' }], password: [{ variable: 'PASSWORD' }] };
const me = { credentials: { username: 'me', password: 'p$$A' } };

const found = (image: string, ...registries: Registry[]): unknown => {
  const source = findImage(image, fillRegistries(registries, variables));
  return source.ok ? source.value : source.failure;
};

describe('fillRegistries', () => {
  const accessOf = (username: string, password: string): unknown =>
    fillRegistries(
      [
        {
          name: 'ghcr.io',
          credentials: {
            username: [{ variable: username }],
            password: [{ variable: password }],
          },
          retry: { attempts: 3, backoffMs: 0 },
        },
      ],
      variables,
    )[0]?.access;
  const retry = { attempts: 3, backoffMs: 0 };

  it('takes credentials as the variables of the run give them', () => {
    assert.deepEqual(accessOf('USER', 'PASSWORD'), { ...me, retry });
  });

  it('asks as nobody when nobody is given', () => {
    for (const [username, password] of [
      ['NONE', 'PASSWORD'],
      ['USER', 'NONE'],
      ['EMPTY', 'PASSWORD'],
    ] as const)
      assert.deepEqual(accessOf(username, password), { retry });
  });
});

describe('findImage', () => {
  const literal: Registry = { name: 'registry.example.com:5000', credentials };

  it('leaves a name alone whose registry nothing is known of', () => {
    for (const image of ['redis', 'team/app:1', 'other.example.com/app', 'localhost/app@sha256:0'])
      assert.deepEqual(found(image, literal), { image });
  });

  it('knows a registry by its host', () => {
    const image = 'registry.example.com:5000/team/app:1';
    assert.deepEqual(found(image, literal), { image, registry: me });
  });

  it('puts the host in the place of its alias, and the default in that of a missing variable', () => {
    const team = (variable: string): Registry => ({
      name: 'team',
      host: { value: [{ variable }], fallback: ['fallen.example.com'] },
    });
    const registry = {};
    assert.deepEqual(found('team/a/b:1', team('HOST')), {
      image: 'set.example.com/a/b:1',
      registry,
    });
    assert.deepEqual(found('team/a', team('NONE')), { image: 'fallen.example.com/a', registry });
    assert.deepEqual(found('team', team('HOST')), { image: 'team' });
    assert.deepEqual(found('steam/a', team('HOST')), { image: 'steam/a' });
  });

  it('names the variable without which an alias stands for nothing', () => {
    const team = { name: 'team', host: { value: ['x.', { variable: 'NONE' }] } };
    assert.match(String(found('team/a', team)), /'team' has no host, as the variable NONE has/);
    assert.deepEqual(found('redis', team), { image: 'redis' });
  });

  it('takes an alias for a host with a path, and knows its host by itself', () => {
    const mirror: Registry = {
      name: 'mirror',
      host: { value: ['m.example.com/docker'] },
      credentials,
    };
    const image = 'm.example.com/docker/library/redis';
    assert.deepEqual(found('mirror/library/redis', mirror), { image, registry: me });
    assert.deepEqual(found(image, mirror), { image, registry: me });
  });

  it('prefers an alias to a host when both could be meant', () => {
    const alias = { name: 'localhost', host: { value: ['a.example.com'] } };
    const host = { name: 'x', host: { value: ['localhost'] }, credentials };
    assert.deepEqual(found('localhost/a', host, alias), { image: 'a.example.com/a', registry: {} });
  });

  it('asks Docker Hub with its credentials for images whose names have no host', () => {
    for (const name of ['docker.io', 'index.docker.io'])
      for (const image of ['redis:7', 'team/app', 'docker.io/library/redis'])
        assert.deepEqual(found(image, { name, credentials }), { image, registry: me });
    assert.deepEqual(found('ghcr.io/a', { name: 'docker.io', credentials }), {
      image: 'ghcr.io/a',
    });
  });
});
