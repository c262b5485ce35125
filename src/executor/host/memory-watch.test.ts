import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { MemoryWatch } from './memory-watch.ts';

describe('a kill for memory', () => {
  it('is told once, as often as there were some', () => {
    let kills = 5;
    using watch = new MemoryWatch(undefined, () => kills);
    assert.equal(watch.hasKilled(), false);
    kills = 7;
    assert.deepEqual(
      [watch.hasKilled(), watch.hasKilled(), watch.hasKilled()],
      [true, true, false],
    );
    watch.tick();
    watch.tick();
    assert.equal(watch.hasKilled(), false);
  });

  it('is told although it was counted just before', () => {
    let kills = 0;
    using watch = new MemoryWatch(undefined, () => kills);
    kills = 1;
    watch.tick();
    assert.equal(watch.hasKilled(), true);
  });

  it('of a while ago has nothing to do with what ends now', () => {
    let kills = 0;
    using watch = new MemoryWatch(undefined, () => kills);
    kills = 1;
    watch.tick();
    watch.tick();
    assert.equal(watch.hasKilled(), false);
  });

  it('is that of our group where the group counts', () => {
    const group = mkdtempSync(join(tmpdir(), 'continuo-memory-'));
    const put = (kills: number): void =>
      writeFileSync(join(group, 'memory.events'), `oom 9\noom_kill ${kills}\noom_group_kill 0\n`);
    put(0);
    using watch = new MemoryWatch(group);
    assert.equal(watch.hasKilled(), false);
    put(1);
    assert.equal(watch.hasKilled(), true);
    rmSync(group, { recursive: true });
  });
});
