import assert from 'node:assert/strict';
import { it } from 'node:test';

import { newRunId, timeOfRunId } from './run-id.ts';

const now = Date.parse('2026-11-21T22:30:12.004Z');

it('a run id tells its second, in UTC', () => {
  assert.match(newRunId(now), /^20261121-223012-[2-9a-z]{5}$/);
  assert.equal(timeOfRunId(newRunId(now)), Date.parse('2026-11-21T22:30:12Z'));
  assert.equal(timeOfRunId('20261121-223012'), undefined);
  assert.equal(timeOfRunId('20269921-223012-aaaaa'), undefined);
});

it('run ids sort by time, to the millisecond', () => {
  const ids = Array.from({ length: 2_000 }, (_, ms) => newRunId(now + ms));
  assert.deepEqual(ids.toSorted(), ids);
});
