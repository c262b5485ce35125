import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { group, service, stage, step } from '../../test/rig/plans.ts';
import { addressPrefix, localPort, nodesOfPlan, portsOf, servicesBefore } from './order.ts';

import type { Stage } from './plan.ts';

const before = (of: Stage): Record<string, string[]> =>
  Object.fromEntries([...servicesBefore(of)].map(([id, list]) => [id, list.map((s) => s.id)]));

describe('servicesBefore', () => {
  it('follows the order of the file', () => {
    const of = stage(step('a'), service('db'), service('api'), step('b'));
    assert.deepEqual(before(of), { a: [], db: [], api: ['db'], b: ['db', 'api'] });
  });

  it('lets a service outlive the group it started in', () => {
    const of = stage(group('g', 'serial', service('db'), step('a')), step('b'));
    assert.deepEqual(before(of), { g: [], db: [], a: ['db'], b: ['db'] });
  });

  it('ends a group-scoped service with its group', () => {
    const of = stage(group('g', 'serial', service('db', { scope: 'group' }), step('a')), step('b'));
    assert.deepEqual(before(of), { g: [], db: [], a: ['db'], b: [] });
  });

  it('keeps the branches of a parallel group apart, and joins them behind it', () => {
    const of = stage(
      service('db'),
      group(
        'p',
        'parallel',
        group('left', 'serial', service('l'), step('a')),
        group('right', 'serial', service('r'), step('b')),
      ),
      step('c'),
    );
    assert.deepEqual(before(of), {
      db: [],
      p: ['db'],
      left: ['db'],
      l: ['db'],
      a: ['db', 'l'],
      right: ['db'],
      r: ['db'],
      b: ['db', 'r'],
      c: ['db', 'l', 'r'],
    });
  });
});

it('nodesOfPlan lists what stands in any stage, groups before their members', () => {
  const first = stage(group('g', 'parallel', service('db'), step('a')), step('b'));
  const plan = { name: 'p', stages: [first, stage(step('c'))] };
  assert.deepEqual(
    nodesOfPlan(plan).map(({ id }) => id),
    ['g', 'db', 'a', 'b', 'c'],
  );
});

describe('localPort', () => {
  const http = (url: string): number | undefined =>
    localPort({ kind: 'http', url, status: [], headers: {} });
  const tcp = (host: string): number | undefined => localPort({ kind: 'tcp', host, port: 5432 });

  it('knows every name and address of the machine that asks', () => {
    assert.equal(http('http://localhost:8080/x'), 8080);
    assert.equal(http('HTTP://LocalHost:8080/x'), 8080);
    assert.equal(http('http://127.0.0.1/'), 80);
    assert.equal(http('https://[::1]/'), 443);
    assert.equal(http('http://0:81/'), 81);
    assert.equal(http('http://[::]:81/'), 81);
    const local = [
      'localhost',
      'localhost.',
      'api.localhost',
      '127.0.0.53',
      '0.0.0.0',
      '::',
      '::1',
    ];
    for (const host of [...local, '::ffff:7f00:1', '::ffff:0:0'])
      assert.equal(tcp(host), 5432, host);
  });

  it('knows the service from other hosts', () => {
    assert.equal(http('http://example.org:81/'), undefined);
    const others = ['db', 'mylocalhost', 'localhost.org', '10.0.0.1', '127.org', '1::', '::2'];
    for (const host of [...others, '::ffff:a00:1']) assert.equal(tcp(host), undefined, host);
  });

  it('knows of no port where none is asked', () => {
    assert.equal(localPort({ kind: 'log', pattern: 'x' }), undefined);
  });
});

it('addressPrefix makes a name that every shell takes', () => {
  assert.equal(addressPrefix('my-db.2_x'), 'CONTINUO_MY_DB_2_X');
});

it('portsOf names each port once', () => {
  const tcp = { kind: 'tcp', host: 'localhost', port: 1, timeoutMs: 1 } as const;
  assert.deepEqual(portsOf(service('db', { ready: [tcp, tcp, { ...tcp, port: 2 }] })), [1, 2]);
});
