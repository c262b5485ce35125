import assert from 'node:assert/strict';
import { it } from 'node:test';

import { HandClock, settle } from '../../test/rig/hand-clock.ts';
import { Gate } from './gate.ts';

it('lets no time be up in a pause, however shortly before that it begins', async () => {
  for (let turns = 0; turns < 20; turns++) {
    const gate = new Gate({ event: () => undefined });
    const clock = new HandClock();
    const found: boolean[] = [];
    void gate.expire(100, clock, new AbortController().signal, () => found.push(gate.isPaused));
    const pause = async (): Promise<void> => {
      await clock.sleep(100);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      gate.pause({ kind: 'asked', by: 'ann' });
    };
    void pause();
    await clock.pass(100);
    gate.resume({ by: 'ann', to: 'all' });
    await settle();
    assert.deepEqual(found, [false], `${turns} turns later`);
  }
});
