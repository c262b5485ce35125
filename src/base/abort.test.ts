import assert from 'node:assert/strict';
import { it } from 'node:test';

import { isAborted } from './abort.ts';

it('isAborted sees an abort, and takes no signal for one that never aborts', () => {
  const { signal } = new AbortController();
  assert.deepEqual([undefined, signal, AbortSignal.abort()].map(isAborted), [false, false, true]);
});
