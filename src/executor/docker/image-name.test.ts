import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fullName, parseImageName, shortRepository } from './image-name.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

describe('the name of an image', () => {
  it('is completed as Docker completes it', () => {
    for (const [text, full] of [
      ['redis', 'docker.io/library/redis:latest'],
      ['redis:7-alpine', 'docker.io/library/redis:7-alpine'],
      ['team/app', 'docker.io/team/app:latest'],
      ['docker.io/redis', 'docker.io/library/redis:latest'],
      ['index.docker.io/team/app:1', 'docker.io/team/app:1'],
      ['127.0.0.1:5000/app', '127.0.0.1:5000/app:latest'],
      ['localhost/app:v1', 'localhost/app:v1'],
      ['localhost:5000/a/b/c-d__e.f:x', 'localhost:5000/a/b/c-d__e.f:x'],
      ['[::1]:5000/app', '[::1]:5000/app:latest'],
      ['Registry.Example.com/app', 'Registry.Example.com/app:latest'],
      [`redis@${digest}`, `docker.io/library/redis@${digest}`],
      [`ghcr.io/app:1@${digest}`, `ghcr.io/app@${digest}`],
    ] as const) {
      const name = parseImageName(text);
      assert.ok(name.ok, text);
      assert.equal(fullName(name.value), full);
    }
  });

  it('is written in a short way for people', () => {
    for (const [text, short] of [
      ['redis', 'redis'],
      ['team/app', 'team/app'],
      ['127.0.0.1:5000/library/app', 'library/app'],
    ] as const) {
      const name = parseImageName(text);
      assert.ok(name.ok);
      assert.equal(shortRepository(name.value), short);
    }
  });

  it('is refused with a sentence that says what is wrong', () => {
    for (const [text, why] of [
      ['Redis:7', /lower case: 'redis:7'/],
      ['127.0.0.1:5000/Team/App', /lower case: '127\.0\.0\.1:5000\/team\/app'/],
      ['', /empty/],
      ['a//b', /empty/],
      ['localhost/', /empty/],
      ['redis:', /'' is no tag/],
      ['redis:a b', /'a b' is no tag/],
      ['re dis', /'re dis' cannot stand/],
      ['redis@sha256:12', /no digest/],
      ['http://example.com/redis', /no host|cannot stand/],
    ] as const) {
      const name = parseImageName(text);
      assert.ok(!name.ok, text);
      assert.match(name.failure, why);
    }
  });
});
