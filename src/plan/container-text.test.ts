import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseAlias, parseHostname, parseImage, parsePort, parseVolume } from './container-text.ts';

test('a port is one of the container, and where this machine answers for it', () => {
  const port = (own: number, outside: number, protocol = 'tcp'): unknown => ({
    ok: true,
    value: { own, outside, protocol },
  });
  assert.deepEqual(parsePort('8080:80'), port(80, 8080));
  assert.deepEqual(parsePort('9000'), port(9000, 9000));
  assert.deepEqual(parsePort('53:53/udp'), port(53, 53, 'udp'));
  assert.deepEqual(parsePort('53/tcp'), port(53, 53));
  assert.deepEqual(parsePort('0:5432'), port(5432, 0));
  assert.deepEqual(parsePort(' 65535:1 '), port(1, 65_535));
});

test('what is no port is told apart from a port that cannot be', () => {
  for (const text of ['', ':80', '80:', '1:2:3', '127.0.0.1:1:2', '80-90', '80/sctp', '-1', '1.5'])
    assert.match(whyNot(parsePort(text)), /^is not /, text);
  assert.match(whyNot(parsePort('80:0')), /no port 0 of a container/);
  assert.match(whyNot(parsePort('80:65536')), /no port 65536 of a container/);
  assert.match(whyNot(parsePort('65536:80')), /no port 65536 of this machine/);
});

test('a volume is a place of this machine or a name, and where a container finds it', () => {
  const volume = (source: string, target: string, readOnly = false): unknown => ({
    ok: true,
    value: { source, target, readOnly },
  });
  assert.deepEqual(parseVolume('./x:/y'), volume('./x', '/y'));
  assert.deepEqual(parseVolume('/a b:/y/:ro'), volume('/a b', '/y', true));
  assert.deepEqual(parseVolume('cache:/y:rw'), volume('cache', '/y'));
  assert.deepEqual(parseVolume('.:/y'), volume('./', '/y'));
  assert.deepEqual(parseVolume('..:/y'), volume('../', '/y'));
  assert.deepEqual(parseVolume('a/b:/y'), volume('a/b', '/y'));
});

test('what is no volume is told why', () => {
  for (const text of ['', '/x', ':/y', 'x:', 'a1:/b:ro:x']) {
    assert.match(whyNot(parseVolume(text)), /^is not /, text);
  }
  assert.match(whyNot(parseVolume('xx:y')), /`y` for a target, which is not absolute/);
  assert.match(whyNot(parseVolume('xx:///')), /the whole image/);
  assert.match(whyNot(parseVolume('xx:/y:z')), /`z` where only `ro`/);
  assert.match(whyNot(parseVolume('~/x:/y')), /`~`/);
  for (const name of ['x', '-x', 'x y', 'ä1'])
    assert.match(whyNot(parseVolume(`${name}:/y`)), /for the name of a volume/, name);
});

test('a hostname is what a machine can be called', () => {
  for (const name of ['a', 'db.local', 'my-db_2', '7', 'x'.repeat(63)])
    assert.equal(parseHostname(name).ok, true, name);
  for (const name of ['', '-a', 'a-', 'a..b', '.a', 'a b', 'ä', 'a/b', 'x'.repeat(64)])
    assert.equal(parseHostname(name).ok, false, name);
});

test('an alias is a hostname or an identifier', () => {
  for (const name of ['a', 'db.local', '_db', 'db_', '_', 'x'.repeat(200)])
    assert.equal(parseAlias(name).ok, true, name);
  for (const name of ['', '-a', 'a b', 'a/b', '_a.b'])
    assert.equal(parseAlias(name).ok, false, name);
});

test('an image is a name with perhaps a registry, a tag and a digest', () => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  const names = [
    ...['redis', 'redis:7', 'redis:7.2-alpine_X', 'team/app', 'Alias/app', 'a/b/c-d__e.f:x'],
    ...['localhost:5000/app', 'registry.example.com:5000/team/app:1', '[::1]:5000/app'],
    ...[`redis@${digest}`, `ghcr.io/app:1@${digest}`],
  ];
  for (const name of names) assert.deepEqual(parseImage(name), { ok: true, value: name });
});

test('what can be no image is told why', () => {
  for (const [name, why] of [
    ['', /^has `` where/],
    ['/app', /no registry/],
    ['Redis', /upper-case letters in `Redis`/],
    ['team/App', /upper-case letters in `App`/],
    ['redis:', /no tag/],
    ['redis:a b', /no tag/],
    [`redis:${'x'.repeat(129)}`, /no tag/],
    ['redis@', /no digest/],
    ['redis@sha256:12', /no digest/],
    ['redis@a@b', /no digest/],
    ['http://example.com/redis', /no registry that can be called `http:`/],
    ['re dis', /where a name such as/],
    ['a//b', /where a name such as/],
    ['-x', /where a name such as/],
  ] as const)
    assert.match(whyNot(parseImage(name)), why, name);
});

function whyNot(parsed: { ok: true } | { ok: false; failure: string }): string {
  assert.ok(!parsed.ok, 'it was read');
  return parsed.failure;
}
