import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { around, moved, placeOf, ticks, zoomed } from './stretch.ts';

const part = fc.double({ min: 0, max: 1, noNaN: true });
/** A run, and a part of it that is seen. */
const seen = fc
  .tuple(fc.integer({ min: 1, max: 10_000_000 }), part, part)
  .map(([lengthMs, begin, share]) => {
    const length = Math.max(Math.min(10, lengthMs), lengthMs * share);
    const from = begin * (lengthMs - length);
    return { lengthMs, stretch: { from, to: from + length } };
  });
const near = (one: number, other: number): boolean =>
  Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(one));

describe('what is seen of the time of a run', () => {
  it('stays within the run, however it is zoomed and moved', () => {
    const turn = fc.tuple(fc.constantFrom(0.5, 0.9, 1.2, 2, 100), part, fc.integer());
    fc.assert(
      fc.property(seen, fc.array(turn), ({ lengthMs, stretch }, turns) => {
        let now = stretch;
        for (const [factor, place, byMs] of turns) {
          now = zoomed(now, factor, now.from + place * (now.to - now.from), lengthMs);
          now = moved(now, byMs, lengthMs);
          assert.ok(now.from >= 0 && now.to <= lengthMs && now.to > now.from, JSON.stringify(now));
        }
      }),
    );
  });

  it('keeps a moment where it is seen while it is zoomed in', () => {
    fc.assert(
      fc.property(seen, part, ({ lengthMs, stretch }, place) => {
        fc.pre(stretch.to - stretch.from > 20);
        const at = stretch.from + place * (stretch.to - stretch.from);
        assert.ok(near(placeOf(at, zoomed(stretch, 2, at, lengthMs)), place));
      }),
    );
  });

  it('keeps its length when it is moved', () => {
    fc.assert(
      fc.property(seen, fc.integer(), ({ lengthMs, stretch }, byMs) => {
        const after = moved(stretch, byMs, lengthMs);
        assert.ok(near(after.to - after.from, stretch.to - stretch.from));
      }),
    );
  });

  it('has a part with a little around it', () => {
    assert.deepEqual(around({ from: 400, to: 600 }, 1_000), { from: 390, to: 610 });
    assert.deepEqual(around({ from: 0, to: 1_000 }, 1_000), { from: 0, to: 1_000 });
    assert.deepEqual(around({ from: 500, to: 500 }, 1_000), { from: 490, to: 510 });
  });

  it('is everything once it is zoomed out far enough', () => {
    assert.deepEqual(zoomed({ from: 400, to: 500 }, 0.001, 450, 1_000), { from: 0, to: 1_000 });
  });
});

describe('the scale', () => {
  it('has round moments, no more of them than there is room for, and says each differently', () => {
    fc.assert(
      fc.property(seen, fc.integer({ min: 1, max: 20 }), ({ stretch }, most) => {
        const found = ticks(stretch, most);
        assert.ok(found.length <= most + 1, `${found.length}`);
        assert.ok(found.every(({ at }) => at >= stretch.from && at <= stretch.to));
        if (stretch.to - stretch.from > 100)
          assert.equal(new Set(found.map(({ label }) => label)).size, found.length);
      }),
    );
  });

  it('speaks as people do', () => {
    const labels = (from: number, to: number) => ticks({ from, to }, 4).map(({ label }) => label);
    assert.deepEqual(labels(0, 1_000), ['0', '0.5 s', '1.0 s']);
    assert.deepEqual(labels(0, 20_000), ['0', '5 s', '10 s', '15 s', '20 s']);
    assert.deepEqual(labels(60_000, 63_000), ['1 m 00 s', '1 m 01 s', '1 m 02 s', '1 m 03 s']);
    assert.deepEqual(labels(3_660_000, 3_675_000), [
      '1 h 01 m 00 s',
      '1 h 01 m 05 s',
      '1 h 01 m 10 s',
      '1 h 01 m 15 s',
    ]);
    assert.deepEqual(labels(61_230, 61_270), [
      '61.23 s',
      '61.24 s',
      '61.25 s',
      '61.26 s',
      '61.27 s',
    ]);
  });
});
