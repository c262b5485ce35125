import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { areAll, backwards, describeHits, forwards, joined, rankOf, toHits } from './hits.ts';

import type { Hits, HitsAnswer, Part, Way } from './hits.ts';

/** So many lines a log has here. */
const searched = 60;

/** How a server answers that tells so many hits at a time, and looks at so many lines for one answer. */
interface Habits {
  readonly limit: number;
  readonly work: number;
}

/** What a server would answer that knows all hits. */
function answer(all: readonly number[], part: Part, { limit, work }: Habits): HitsAnswer {
  const isForwards = 'from' in part;
  const ahead = all.filter((line) => (isForwards ? line >= part.from : line < part.before));
  const lines = isForwards ? ahead.slice(0, limit) : ahead.slice(-limit);
  if (work >= searched) {
    const before = all.filter((line) => line < (lines[0] ?? Infinity)).length;
    return { lines, before, total: all.length, searched };
  }
  const edge = isForwards ? part.from + work : part.before - work;
  const near = lines.filter((line) => (isForwards ? line < edge : line >= edge));
  const isCut = near.length === limit;
  const next = isCut ? (isForwards ? near.at(-1)! + 1 : near[0]!) : edge;
  return next > searched || next <= 1 ? { lines: near, searched } : { lines: near, next, searched };
}

/** Goes from a line to a hit, asking as often as it takes. */
function walk(all: readonly number[], way: Way, from: number, habits: Habits, known: Hits[]) {
  for (let asked = 0; asked < 3 * searched; asked++) {
    const found = way(known, from);
    if (found.kind !== 'ask') return found.kind === 'line' ? found.line : undefined;
    known.push(toHits(answer(all, found.part, habits), found.part));
  }
  throw new Error('it asks for ever');
}

const lines = (minLength = 0) =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: searched }), { minLength })
    .map((found) => found.toSorted((one, other) => one - other));
const habit = fc.record({
  limit: fc.integer({ min: 1, max: 8 }),
  work: fc.constantFrom(1, 7, 30, searched),
});
const start = fc.integer({ min: 0, max: searched + 1 });

describe('the way through hits', () => {
  it('goes from each to the next, and behind the last to the first, however few are told at a time', () => {
    fc.assert(
      fc.property(lines(1), start, habit, fc.boolean(), (hits, begin, habits, isForwards) => {
        const known: Hits[] = [];
        let at = begin;
        for (let step = 0; step < hits.length + 2; step++) {
          const wanted = isForwards
            ? (hits.find((line) => line > at) ?? hits[0]!)
            : (hits.findLast((line) => line < at) ?? hits.at(-1)!);
          // The length of the log is known from what was asked first.
          if (known.length === 0)
            known.push(toHits(answer(hits, { from: 1 }, habits), { from: 1 }));
          assert.equal(walk(hits, isForwards ? forwards : backwards, at, habits, known), wanted);
          at = wanted;
        }
      }),
    );
  });

  it('leads nowhere where there are none, and comes back to the only one', () => {
    for (const work of [7, searched]) {
      const habits = { limit: 5, work };
      const first = (hits: number[]) => [toHits(answer(hits, { from: 1 }, habits), { from: 1 })];
      assert.equal(walk([], forwards, 30, habits, first([])), undefined);
      assert.equal(walk([], backwards, 30, habits, first([])), undefined);
      assert.equal(walk([30], forwards, 30, habits, first([30])), 30);
      assert.equal(walk([30], backwards, 30, habits, first([30])), 30);
    }
  });
});

describe('the count of hits', () => {
  it('is complete once part after part is joined, and tells which of them each is', () => {
    fc.assert(
      fc.property(lines(), habit, (hits, habits) => {
        let counted = toHits(answer(hits, { from: 1 }, habits), { from: 1 });
        while (!areAll(counted)) {
          const part = { from: counted.end };
          counted = joined(counted, toHits(answer(hits, part, habits), part));
        }
        assert.deepEqual(counted.lines, hits);
        for (const [nth, line] of hits.entries()) assert.equal(rankOf(counted, line), nth + 1);
      }),
    );
  });

  it('takes what is found later where a line had not ended', () => {
    const old = { lines: [3, 9], first: 1, end: 10, searched: 9 };
    const more = { lines: [12], first: 9, end: 13, searched: 12 };
    assert.deepEqual(joined(old, more), { lines: [3, 12], first: 1, end: 13, searched: 12 });
  });

  it('is told in words, as far as it is known', () => {
    const some = { lines: [5, 7], first: 1, end: 61, searched };
    assert.equal(describeHits(some, undefined), '2 lines');
    assert.equal(describeHits(some, 7), '2 of 2 lines');
    assert.equal(describeHits({ ...some, lines: [5] }, 5), '1 of 1 line');
    assert.equal(describeHits({ ...some, lines: [] }, undefined), 'No line has it');
    assert.equal(describeHits({ ...some, end: 20 }, 7), '2 of 2 lines so far');
    assert.equal(describeHits({ ...some, lines: [], end: 20 }, undefined), 'Searching …');
    const many = Array.from({ length: 10_000 }, (_, nth) => nth + 1);
    const [first, end] = [1, 10_001];
    assert.equal(
      describeHits({ lines: many, first, end, searched: 99_999 }, 1_234),
      '1,234 of more than 10,000 lines',
    );
  });
});
