import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Changes } from './changes.ts';

const never = new AbortController().signal;

it('waits through any number of changes until it is so', async () => {
  const changes = new Changes();
  let looks = 0;
  const waiting = changes.until(() => ++looks > 2, never);
  for (let turn = 0; turn < 2; turn++) {
    changes.tell();
    await new Promise(setImmediate);
  }
  await waiting;
  assert.equal(looks, 3);
});

it('does not wait for what is so, nor once nobody wants to know', async () => {
  const changes = new Changes();
  await changes.until(() => true, never);
  const leaving = new AbortController();
  const waiting = changes.until(() => false, leaving.signal);
  leaving.abort();
  await waiting;
  await changes.until(() => false, leaving.signal);
});
