import assert from 'node:assert/strict';
import { it } from 'node:test';

import fc from 'fast-check';

import { shareRows } from './share-rows.ts';

const nodes = fc.array(fc.record({ rank: fc.nat({ max: 4 }), tail: fc.nat({ max: 9 }) }), {
  maxLength: 40,
});

it('never gives more rows than there are, and keeps one for the count of what is hidden', () => {
  fc.assert(
    fc.property(nodes, fc.integer({ min: 1, max: 50 }), (wanted, rows) => {
      const given = shareRows(wanted, rows);
      const shown = given.filter(({ shown }) => shown);
      const used = shown.reduce((sum, { tail }) => sum + 1 + tail, 0);
      assert.ok(used + (shown.length < wanted.length ? 1 : 0) <= rows);
    }),
  );
});

it('hides nothing that is more urgent than what it shows', () => {
  fc.assert(
    fc.property(nodes, fc.integer({ min: 1, max: 50 }), (wanted, rows) => {
      const given = shareRows(wanted, rows);
      const ranks = (shown: boolean): number[] =>
        wanted.filter((_, index) => given[index]!.shown === shown).map(({ rank }) => rank);
      assert.ok(Math.max(-1, ...ranks(true)) <= Math.min(9, ...ranks(false)));
    }),
  );
});

it('gives no output to what is hidden, and no more than there is', () => {
  fc.assert(
    fc.property(nodes, fc.integer({ min: 1, max: 50 }), (wanted, rows) => {
      for (const [index, { shown, tail }] of shareRows(wanted, rows).entries())
        assert.ok(tail <= (shown ? wanted[index]!.tail : 0));
    }),
  );
});

it('shows everything when there is room', () => {
  const wanted = [
    { rank: 4, tail: 0 },
    { rank: 0, tail: 2 },
  ];
  assert.deepEqual(shareRows(wanted, 10), [
    { shown: true, tail: 0 },
    { shown: true, tail: 2 },
  ]);
});
