import assert from 'node:assert/strict';
import { test } from 'node:test';

import { secretsOf } from './secrets.ts';

import type { Text } from './plan.ts';

test('the secrets of a plan are the passwords that stand in it as they are', () => {
  const registry = (name: string, ...password: Text) => ({
    name,
    credentials: { username: ['someone'], password },
  });
  const registries = [
    registry('a', 'hunter2'),
    registry('b', { variable: 'PASSWORD' }),
    registry('c', 'x', { variable: 'Y' }),
    { name: 'd' },
  ];
  assert.deepEqual(secretsOf({ name: 'p', stages: [], registries }), ['hunter2']);
  assert.deepEqual(secretsOf({ name: 'p', stages: [] }), []);
});
