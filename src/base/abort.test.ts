import assert from 'node:assert/strict';
import { it } from 'node:test';

import { isAborted, unlessAborted } from './abort.ts';

it('isAborted sees an abort, and takes no signal for one that never aborts', () => {
  const { signal } = new AbortController();
  assert.deepEqual([undefined, signal, AbortSignal.abort()].map(isAborted), [false, false, true]);
});

it('unlessAborted gives what comes, and leaves at once when its signal aborts', async () => {
  const asked = new AbortController();
  assert.equal(await unlessAborted(Promise.resolve(1), asked.signal), 1);
  const never = unlessAborted(new Promise(() => undefined), asked.signal);
  asked.abort(new Error('enough'));
  await assert.rejects(never, /enough/);
  await assert.rejects(unlessAborted(Promise.resolve(1), asked.signal), /enough/);
});
