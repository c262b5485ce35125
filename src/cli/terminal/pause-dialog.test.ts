import assert from 'node:assert/strict';
import { it } from 'node:test';

import { PauseDialog } from './pause-dialog.ts';

it('takes Enter, n and k, and says so of anything else', () => {
  const dialog = new PauseDialog('shop', { kind: 'asked', by: 'ann' });
  assert.deepEqual(dialog.question, { name: 'shop', message: 'paused' });
  assert.equal(dialog.take('what'), undefined);
  assert.equal(dialog.problem, "'what' is none of Enter, n, k");
  assert.deepEqual(
    ['', 'n', ' K ', 'resume'].map((line) => dialog.take(line)),
    ['all', 'next', 'kill', 'all'],
  );
  assert.equal(dialog.problem, undefined);
});
