import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { TimeMarker } from './time-marker.ts';

const time = '2026-11-21T22:30:12.123Z';

describe('a time mark', () => {
  it('becomes the time of its arrival, even when it is cut', () => {
    let now = Date.parse(time);
    const marker = new TimeMarker('@mark@', () => now);
    const first = marker.push(Buffer.from('@mark@one\n@ma')).toString();
    now += 1_000;
    const second = marker.push(Buffer.from('rk@two\n')).toString();
    assert.equal(first + second, `[${time}] one\n[2026-11-21T22:30:13.123Z] two\n`);
  });

  it('is not waited for where it does not begin', () => {
    const marker = new TimeMarker('@mark@', () => 0);
    const bytes = Buffer.from('a line\n');
    assert.equal(marker.push(bytes), bytes);
    assert.equal(marker.push(Buffer.from('half @ma')).toString(), 'half ');
    assert.equal(marker.end().toString(), '@ma');
  });

  it('is found wherever the pieces are cut', () => {
    const word = '@a@b@';
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('@', 'a', 'b', '@a@', word, '\n')),
        fc.nat(),
        (parts, seed) => {
          const text = parts.join('');
          const marker = new TimeMarker(word, () => Date.parse(time));
          const pieces: Buffer[] = [];
          for (let from = 0, step = 1 + (seed % 7); from < text.length; from += step) {
            pieces.push(Buffer.from(marker.push(Buffer.from(text.slice(from, from + step)))));
          }
          pieces.push(marker.end());
          assert.equal(Buffer.concat(pieces).toString(), text.replaceAll(word, `[${time}] `));
        },
      ),
    );
  });
});
