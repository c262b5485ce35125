import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ago } from './ago.ts';

it('a moment is told by how long ago it was, in the largest unit that fits', () => {
  const told = (ms: number): string => ago(1_000_000_000_000 - ms, 1_000_000_000_000);
  assert.equal(told(0), 'just now');
  assert.equal(told(-5_000), 'just now');
  assert.equal(told(59_999), '59 seconds ago');
  assert.equal(told(60_000), '1 minute ago');
  assert.equal(told(2 * 3_600_000), '2 hours ago');
  assert.equal(told(25 * 3_600_000), 'yesterday');
  assert.equal(told(15 * 86_400_000), '2 weeks ago');
});
