import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { killedByKernel } from './kernel-log.ts';

const container = 'e1975c424c46983e5537a667ae9fda43005c9ca157ec89c9e949173fd85bb021';
const before = 'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0';

describe('what the kernel says of a kill for memory', () => {
  it('is found by the group of the container, whatever the engine calls it', () => {
    for (const group of [
      `/docker/${container}`,
      `/system.slice/docker-${container}.scope`,
      `/machine.slice/libpod-${container}.scope/container`,
    ])
      assert.equal(
        isTold(
          `4,2210,48436319505,-;${before},oom_memcg=${group},task_memcg=${group},task=dd,pid=7,uid=0\n`,
        ),
        true,
        group,
      );
  });

  it('is of the group that a process was in, not of the one that had no more memory', () => {
    const group = `/docker/${container}`;
    assert.equal(isTold(`4,1,2,-;${before},oom_memcg=${group},task_memcg=/other,task=dd\n`), false);
  });

  it('is no other line that names the container', () => {
    assert.equal(isTold(`4,1,2,-;veth: task_memcg=${container} oom-kill:\n`), false);
    assert.equal(isTold(`4,1,2,-;oom-kill in ${container}\n`), false);
  });

  it('is unknown where there is no log, or it may not be read', () => {
    assert.equal(killedByKernel(container, join(tmpdir(), 'continuo-no-such-log')), false);
    assert.equal(killedByKernel(container, tmpdir()), false);
  });
});

function isTold(record: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-kernel-'));
  try {
    const log = join(folder, 'log');
    writeFileSync(log, record);
    return killedByKernel(container, log);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
