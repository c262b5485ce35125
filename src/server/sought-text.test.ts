import assert from 'node:assert/strict';
import { it } from 'node:test';

import fc from 'fast-check';

import { SoughtText } from './sought-text.ts';

it('finds in many lines at once what it finds in each of them', () => {
  const part = fc.constantFrom(
    ...['a', 'b', 'A', 'ab', ' ', '\t', '\r', '\x1b[31m', '\x1b[0m', '\x1b[2K', 'é', '\x08', '['],
  );
  const line = fc.array(part).map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1 }),
      fc.constantFrom('a', 'ab', 'B', '[31m', 'aba', 'é', 'a\nb', '\n'),
      fc.boolean(),
      (lines, text, matchCase) => {
        const all = Buffer.from(lines.map((one) => `${one}\n`).join(''));
        const sought = new SoughtText(text, matchCase);
        const nths = lines.flatMap((one, nth) => (sought.isIn(Buffer.from(one)) ? [nth] : []));
        const found = sought.linesOf(all);
        if (found) assert.deepEqual(found, nths);
        if (nths.length > 0) assert.ok(sought.mayBeIn(all));
      },
    ),
    { numRuns: 1_000 },
  );
});
