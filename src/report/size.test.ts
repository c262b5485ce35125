import assert from 'node:assert/strict';
import { it } from 'node:test';

import { formatMemory, formatShare, formatSize } from './size.ts';

it('gives sizes in the unit that people would take', () => {
  const sizes: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [38_123_456, '38.1 MB'],
    [1_234_567_890, '1.2 GB'],
    [5e15, '5000.0 TB'],
  ];
  for (const [bytes, text] of sizes) assert.equal(formatSize(bytes), text);
});

it('gives a share in the unit of the whole, so that it does not flicker', () => {
  assert.equal(formatShare(0, 38_100_000), '0.0/38.1 MB');
  assert.equal(formatShare(12_400_000, 38_100_000), '12.4/38.1 MB');
  assert.equal(formatShare(120, 812), '120/812 B');
});

it('gives memory as people set its limits', () => {
  const limits: [number, string][] = [
    [64 * 1_024 ** 2, '64 MiB'],
    [1.5 * 1_024 ** 3, '1.5 GiB'],
    [6_000_000, '5.7 MiB'],
    [512, '512 B'],
  ];
  for (const [bytes, text] of limits) assert.equal(formatMemory(bytes), text);
});
