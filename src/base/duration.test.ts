import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  const read: readonly (readonly [string | number, number | undefined])[] = [
    ['500ms', 500],
    ['10s', 10_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1.5s', 1_500],
    [' 3 s ', 3_000],
    ['7', 7_000],
    ['0', 0],
    [0.25, 250],
    [0, 0],
    [-1, undefined],
    [NaN, undefined],
    [Infinity, undefined],
    [Number.MAX_VALUE, undefined],
    ['', undefined],
    ['s', undefined],
    ['-1s', undefined],
    ['1e3s', undefined],
    ['.5s', undefined],
    ['1d', undefined],
    ['1h30m', undefined],
    ['9'.repeat(400), undefined],
  ];
  for (const [written, ms] of read)
    it(`reads ${JSON.stringify(written).slice(0, 20)} as ${ms}`, () => {
      assert.equal(parseDuration(written), ms);
    });
});

describe('formatDuration', () => {
  const shown: readonly (readonly [number, string])[] = [
    [0, '0 ms'],
    [12.4, '12 ms'],
    [999.6, '1.0 s'],
    [3_449, '3.4 s'],
    [59_949, '59.9 s'],
    [59_950, '1 m 00 s'],
    [125_000, '2 m 05 s'],
    [3_599_400, '59 m 59 s'],
    [3_599_500, '1 h 00 m'],
    [4_800_000, '1 h 20 m'],
    [360_000_000, '100 h 00 m'],
  ];
  for (const [ms, text] of shown)
    it(`shows ${ms} as ${text}`, () => {
      assert.equal(formatDuration(ms), text);
    });
});
