import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { cameFrom, toImageFacts } from './image-facts.ts';
import { parseImageName } from './image-name.ts';

const facts = (Config: unknown): ReturnType<typeof toImageFacts> =>
  toImageFacts({ Id: 'sha256:1', Config });

describe('the facts of an image', () => {
  it('are empty where it says nothing', () => {
    const nothing = {
      id: 'sha256:1',
      environment: {},
      user: '',
      workingDir: '',
      hasVolumes: false,
      hasCommand: false,
    };
    assert.deepEqual(facts(undefined), nothing);
    assert.deepEqual(facts({ Env: null, Cmd: null, Entrypoint: [], Volumes: null }), nothing);
  });

  it('are what its Dockerfile says', () => {
    const { environment, ...rest } = facts({
      Env: ['PATH=/bin', 'A=b=c', 'EMPTY='],
      User: 'app',
      WorkingDir: '/home/app',
      Volumes: { '/data': {} },
      Cmd: ['sh'],
    });
    assert.deepEqual(environment, { PATH: '/bin', A: 'b=c', EMPTY: '' });
    assert.deepEqual(rest, {
      id: 'sha256:1',
      user: 'app',
      workingDir: '/home/app',
      hasVolumes: true,
      hasCommand: true,
    });
  });

  it('hold its health check as words, a line of a shell with the shell of the image', () => {
    const check = (Test: string[], Shell?: string[]): unknown =>
      facts({ Healthcheck: { Test }, ...(Shell && { Shell }) }).healthcheck;
    assert.deepEqual(check(['CMD', 'test', '-e', '/x']), ['test', '-e', '/x']);
    assert.deepEqual(check(['CMD-SHELL', 'a | b']), ['/bin/sh', '-c', 'a | b']);
    assert.deepEqual(check(['CMD-SHELL', 'a'], ['/bin/bash', '-ec']), ['/bin/bash', '-ec', 'a']);
    for (const none of [['NONE'], [], ['CMD']]) assert.equal(check(none), undefined);
  });

  it('tell what came from a repository from what was made here or only renamed', () => {
    const name = parseImageName('redis');
    assert.ok(name.ok);
    const digest = `sha256:${'0a'.repeat(32)}`;
    assert.equal(cameFrom(name.value, { RepoDigests: [`redis@${digest}`] }), true);
    assert.equal(
      cameFrom(name.value, { RepoDigests: [`docker.io/library/redis@${digest}`] }),
      true,
    );
    assert.equal(cameFrom(name.value, { RepoDigests: [`team/redis@${digest}`] }), false);
    assert.equal(cameFrom(name.value, { RepoDigests: [] }), false);
    assert.equal(cameFrom(name.value, {}), false);
  });
});
