import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { systemClock } from './clock.ts';

describe('systemClock', () => {
  it('counts on from the time of day', () => {
    const first = systemClock.now();
    assert.ok(Math.abs(first - Date.now()) < 60_000);
    assert.ok(systemClock.now() >= first);
  });

  it('sleeps as long as it is told, and never less', async () => {
    for (const ms of [30, 1, 0.5, 2.2]) {
      const from = systemClock.now();
      await systemClock.sleep(ms);
      const took = systemClock.now() - from;
      assert.ok(took >= ms, `${took} ms instead of ${ms}`);
    }
  });

  it('wakes when the signal aborts, and does not fall asleep behind it', async () => {
    const waking = new AbortController();
    const sleeping = systemClock.sleep(60_000, waking.signal);
    waking.abort();
    await sleeping;
    await systemClock.sleep(60_000, waking.signal);
  });

  for (const ms of [2 ** 31, Number.MAX_SAFE_INTEGER, Infinity])
    it(`is not awake again at once when it is to sleep for ${ms} ms`, async () => {
      const waking = new AbortController();
      const sleeping = systemClock.sleep(ms, waking.signal).then(() => 'awake');
      // Nothing is to happen here, so there is nothing to wait for but a little time.
      const watching = systemClock.sleep(50).then(() => 'asleep');
      assert.equal(await Promise.race([sleeping, watching]), 'asleep');
      waking.abort();
      assert.equal(await sleeping, 'awake');
    });
});
