import assert from 'node:assert/strict';
import { it } from 'node:test';

import fc from 'fast-check';

import { hrefOf, parseRoute } from './route.ts';

import type { Route } from './route.ts';

it('an address leads where it came from, whatever runs and tasks are called', () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' });
  const line = fc.integer({ min: 1 });
  fc.assert(
    fc.property(name, fc.option(name), fc.option(line), (run, task, at) => {
      const route: Route = {
        ...{ kind: 'run', run },
        ...(task !== null && { task }),
        ...(at !== null && { line: at }),
      };
      assert.deepEqual(parseRoute(hrefOf(route)), route);
    }),
  );
});

it('an address that means nothing is the list', () => {
  for (const hash of ['', '#', '#/', '#/x', '#/runs', '#/runs/', '#/runs/%', '#/list/a'])
    assert.deepEqual(parseRoute(hash), { kind: 'list' }, hash);
  for (const line of ['0', '-1', 'x', '1.5', ''])
    assert.deepEqual(parseRoute(`#/runs/a?line=${line}`), { kind: 'run', run: 'a' }, line);
});

it('the form for a new run has an address', () => {
  assert.deepEqual(parseRoute('#/new'), { kind: 'new' });
  assert.equal(hrefOf({ kind: 'new' }), '#/new');
});

it('what is tried of the API is in the address', () => {
  for (const operation of ['GET /api/v1/runs/{run}', undefined]) {
    const route: Route = { kind: 'api', ...(operation !== undefined && { operation }) };
    assert.deepEqual(parseRoute(hrefOf(route)), route);
  }
});

it('a list keeps what it was filtered by', () => {
  for (const route of [
    { kind: 'list' },
    { kind: 'list', outcome: 'failed' },
    { kind: 'list', name: 'a&b=c ?#/' },
    { kind: 'list', outcome: 'lost', name: 'x' },
    { kind: 'list', outcome: 'loaded' },
  ] as const)
    assert.deepEqual(parseRoute(hrefOf(route)), route);
  assert.deepEqual(parseRoute('#/?outcome=odd'), { kind: 'list' });
});
