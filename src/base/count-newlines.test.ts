import assert from 'node:assert/strict';
import { it } from 'node:test';

import fc from 'fast-check';

import { countNewlines } from './count-newlines.ts';

it('counts newlines, and nothing that looks like one, wherever the bytes lie', () => {
  const byte = fc.oneof(fc.constant(0x0a), fc.constantFrom(0x0b, 0x8a, 0x09, 0, 0xff), fc.nat(255));
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 3_000 }), fc.nat(9), (all, from) => {
      const bytes = Buffer.from(all).subarray(from);
      assert.equal(countNewlines(bytes), bytes.filter((one) => one === 0x0a).length);
    }),
  );
  for (const length of [0, 1, 3, 1_020, 1_021, 4_096, 100_003])
    assert.equal(countNewlines(Buffer.alloc(length, '\n')), length);
});
