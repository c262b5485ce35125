import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { editDistance, nearest } from './nearest.ts';

test('the nearest word is found, whatever its case and its hyphens', () => {
  const keys = ['name', 'commands', 'commands-shell', 'on-exit', 'working-dir', 'timeout'];
  for (const [word, meant] of [
    ['comands', 'commands'],
    ['onExit', 'on-exit'],
    ['working_dir', 'working-dir'],
    ['nmae', 'name'],
    ['TIMEOUT', 'timeout'],
    ['timeot', 'timeout'],
  ] as const)
    assert.equal(nearest(word, keys), meant);
});

test('a word that is far from all is not guessed', () => {
  for (const word of ['xyzzy', 'volumes', '', 'a', 'n'.repeat(1_000)])
    assert.equal(nearest(word, ['name', 'commands', 'timeout']), undefined);
});

test('the edit distance is 0 for one word, symmetric, and one for one slip', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  fc.assert(
    fc.property(word, word, fc.nat(7), (a, b, at) => {
      assert.equal(editDistance(a, a), 0);
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
      assert.equal(editDistance(a, `${a.slice(0, at)}x${a.slice(at)}`), 1);
    }),
  );
  assert.equal(editDistance('nmae', 'name'), 1);
});
