import assert from 'node:assert/strict';
import { it } from 'node:test';

import { jsonLine } from './json-line.ts';

it('is one line that says the same, and holds nothing that a terminal obeys', () => {
  const value = { text: 'a\u009b31mb\x7f\x1b[2J\u0085\n日é\u00a0', n: 1 };
  const line = jsonLine(value);
  assert.deepEqual(JSON.parse(line), value);
  assert.equal(line.indexOf('\n'), line.length - 1);
  // eslint-disable-next-line no-control-regex -- Those it is about.
  assert.doesNotMatch(line.slice(0, -1), /[\x00-\x1f\x7f-\x9f]/);
  assert.ok(line.includes('日é\u00a0'));
});
