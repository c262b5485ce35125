import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { backwards, forwards, rankOf } from './hits.ts';

import type { HitsAnswer, Part, Way } from './hits.ts';

/** What a server that knows all hits would answer. */
function answer(all: readonly number[], query: Part, limit: number): HitsAnswer {
  const lines =
    'from' in query
      ? all.filter((line) => line >= query.from).slice(0, limit)
      : all.filter((line) => line < query.before).slice(-limit);
  const before = all.filter((line) =>
    lines[0] === undefined ? line < ('from' in query ? query.from : query.before) : line < lines[0],
  ).length;
  return { lines, before, total: all.length, searched: 1_000 };
}

const all = fc
  .uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 })
  .map((lines) => lines.toSorted((one, other) => one - other));
const query = fc.oneof(
  fc.record({ from: fc.integer({ min: 1, max: 61 }) }),
  fc.record({ before: fc.integer({ min: 1, max: 61 }) }),
);

/** The hit that the page comes to. */
function hitFrom(
  { look, first }: Way,
  line: number,
  hits: HitsAnswer,
  ask: (part: Part) => HitsAnswer,
): number | undefined {
  const found = look(hits, line);
  if (found.kind !== 'ask') return found.kind === 'line' ? found.line : undefined;
  return first(ask(found.part)) ?? first(ask(found.otherwise));
}

describe('hits', () => {
  it('are gone through in both directions and round the ends, whatever part of them is known', () => {
    fc.assert(
      fc.property(
        ...([all, query, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 61 })] as const),
        (lines, known, limit, at) => {
          const ask = (part: Part) => answer(lines, part, limit);
          const next = hitFrom(forwards, at, ask(known), ask);
          assert.equal(next, lines.find((line) => line > at) ?? lines[0]);
          const previous = hitFrom(backwards, at, ask(known), ask);
          assert.equal(previous, lines.findLast((line) => line < at) ?? lines.at(-1));
        },
      ),
    );
  });

  it('are numbered among all of them', () => {
    const hits = { lines: [10, 20], before: 5, total: 9, searched: 100 };
    assert.deepEqual(
      [rankOf(hits, 20), rankOf(hits, 15), rankOf(hits, undefined)],
      [7, undefined, undefined],
    );
    assert.deepEqual(forwards.look({ lines: [], before: 0, total: 0, searched: 9 }, 1), {
      kind: 'none',
    });
  });
});
