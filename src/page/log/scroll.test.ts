import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import * as scroll from './scroll.ts';

const room = fc.record({
  lines: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 100_000_000 })),
  linePx: fc.integer({ min: 10, max: 40 }),
  seenPx: fc.integer({ min: 50, max: 2_000 }),
});
const part = fc.double({ min: 0, max: 1, noNaN: true });

describe('scrolling through a log', () => {
  it('needs no more height than browsers have, however many lines there are', () => {
    fc.assert(fc.property(room, (all) => assert.ok(scroll.heightPx(all) <= 8_000_000)));
  });

  it('comes to the first line and to the last, and to each between them', () => {
    fc.assert(
      fc.property(room, part, (all, share) => {
        const most = Math.max(0, scroll.heightPx(all) - all.seenPx);
        const at = (scrollTop: number) => scroll.linesAt(scroll.topOf(scrollTop, all), all);
        assert.equal(at(0).first, 1);
        assert.equal(at(most).last, all.lines);
        const line = 1 + Math.floor(share * (all.lines - 1));
        const top = scroll.topForLine(line, all);
        assert.ok(all.seenPx < all.linePx || scroll.isSeen(line, top, all));
        const { first, last } = scroll.linesAt(top, all);
        assert.ok(first <= line && line <= last);
      }),
    );
  });

  it('knows where the scrollbar belongs', () => {
    fc.assert(
      fc.property(room, part, (all, share) => {
        const top = share * scroll.lastTop(all);
        const back = scroll.topOf(scroll.scrollTopOf(top, all), all);
        assert.ok(Math.abs(back - top) < 1e-3 * Math.max(1, top), `${top} ${back}`);
      }),
    );
  });

  it('draws lines one under the other, the first one seen at the upper edge', () => {
    fc.assert(
      fc.property(room, part, (all, share) => {
        const top = Math.round(share * scroll.lastTop(all));
        const scrollTop = scroll.scrollTopOf(top, all);
        const { first } = scroll.linesAt(top, all);
        const offset = scroll.offsetOf(first, top, scrollTop, all);
        assert.ok(offset <= scrollTop + 1e-3 && offset > scrollTop - all.linePx - 1e-3);
        assert.ok(offset + all.linePx <= scroll.heightPx(all) + 1e-3);
      }),
    );
  });

  it('asks for no line that there is not', () => {
    fc.assert(
      fc.property(room, part, (all, share) => {
        const { first, last } = scroll.linesAt(share * scroll.lastTop(all), all, 30);
        assert.ok(first >= 1 && last <= all.lines && first <= last);
      }),
    );
    const none = { lines: 0, linePx: 20, seenPx: 400 };
    assert.deepEqual(scroll.linesAt(0, none, 30), { first: 1, last: 0 });
  });
});
