import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { group, service, stage, step } from '../../test/rig/plans.ts';
import { localPort, nodesOfPlan, portsOf, servicesBefore } from './order.ts';

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

it('localPort knows the service itself from other hosts', () => {
  const pace = { timeoutMs: 1 };
  const http = (url: string): number | undefined =>
    localPort({ kind: 'http', url, status: [], headers: {}, ...pace });
  assert.equal(http('http://localhost:8080/x'), 8080);
  assert.equal(http('http://127.0.0.1/'), 80);
  assert.equal(http('https://[::1]/'), 443);
  assert.equal(http('http://example.org:81/'), undefined);
  assert.equal(localPort({ kind: 'tcp', host: 'localhost', port: 5432, ...pace }), 5432);
  assert.equal(localPort({ kind: 'log', pattern: 'x', ...pace }), undefined);
});

it('portsOf names each port once', () => {
  const tcp = { kind: 'tcp', host: 'localhost', port: 1, timeoutMs: 1 } as const;
  assert.deepEqual(portsOf({ ready: [tcp, tcp, { ...tcp, port: 2 }] }), [1, 2]);
});
