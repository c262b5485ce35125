import assert from 'node:assert/strict';
import { it } from 'node:test';

import fc from 'fast-check';

import { isPlain } from './control-bytes.ts';

// eslint-disable-next-line no-control-regex -- Those it is about.
const controls = /[\x00-\x08\x0b-\x1f\x80-\x9f]/;

it('agrees with a slow look at every character, at every alignment', () => {
  const bit = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.constantFrom('a', 'Z', '\n', '\t', ' ', '~', 'é', '日', '🚀', '\x7f'),
    },
    { weight: 1, arbitrary: fc.constantFrom('\r', '\x1b', '\x00', '\x1f', '\u0080', '\u009f') },
  );
  fc.assert(
    fc.property(fc.array(bit, { maxLength: 30 }), fc.nat({ max: 3 }), (bits, skew) => {
      const text = bits.join('');
      const bytes = Buffer.concat([Buffer.alloc(skew), Buffer.from(text)]).subarray(skew);
      assert.equal(isPlain(bytes), !controls.test(text));
    }),
  );
});

it('does not take for plain what is no UTF-8', () => {
  assert.equal(isPlain(Buffer.from([0x61, 0xff])), false);
  assert.equal(isPlain(Buffer.from([0xe6, 0x97])), false);
});
