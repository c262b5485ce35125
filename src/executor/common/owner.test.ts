import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';

import { fateOf, thisProcess } from './owner.ts';
import { processTable } from './process-table.ts';

describe('an owner', () => {
  const here = thisProcess();

  it('lives as long as its process, and not as long as its pid', async () => {
    assert.equal(fateOf(here), 'alive');
    assert.equal(fateOf({ ...here, start: here.start + 1 }), 'dead');
    const child = spawn('sleep', ['60']);
    const owner = { ...here, pid: child.pid!, start: processTable.startOf(child.pid!) };
    assert.equal(fateOf(owner), 'alive');
    child.kill();
    await once(child, 'exit');
    assert.equal(fateOf(owner), 'dead');
  });

  it('did not outlive a restart of this machine', () => {
    assert.equal(fateOf({ ...here, boot: 'before' }), 'dead');
  });

  it('on another machine, or among other pids, may live', () => {
    assert.equal(fateOf({ ...here, boot: 'there', machine: 'another' }), 'unknown');
    assert.equal(fateOf({ ...here, pids: 'pid:[1]' }), 'unknown');
  });

  it('is the same one after a change of this machine’s name', () => {
    const renamed = { ...here, machine: 'renamed' };
    assert.equal(fateOf(renamed), here.boot === '' ? 'unknown' : 'alive');
  });
});
