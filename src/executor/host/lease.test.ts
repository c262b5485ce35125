import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { KeptLease, readLease } from './lease.ts';

const content = {
  runId: 'r',
  owner: { pid: 1, start: 1, boot: 'b', pids: 'p', machine: 'm' },
  marker: 'm.',
  scratch: '/none',
};

describe('a lease', () => {
  let folder: string;

  before(() => (folder = mkdtempSync(join(tmpdir(), 'continuo-lease-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('names the tasks that have not ended, of whom a later one may have the same pid', () => {
    const file = join(folder, 'a.lease');
    using lease = new KeptLease(file, content);
    lease.launched({ pid: 7, start: 10 });
    lease.launched({ pid: 8, start: 11 });
    lease.ended({ pid: 7, start: 10 });
    lease.launched({ pid: 7, start: 20 });
    lease.ended({ pid: 8, start: 11 });
    assert.deepEqual(readLease(file), { lease: content, leaders: [{ pid: 7, start: 20 }] });
  });

  it('is not lost by a torn line', () => {
    const file = join(folder, 'b.lease');
    using lease = new KeptLease(file, content);
    lease.launched({ pid: 7, start: 10 });
    appendFileSync(file, '{"pid":8\n');
    lease.launched({ pid: 9, start: 12 });
    appendFileSync(file, '{"pid":10,"st');
    const leaders = readLease(file)?.leaders.map(({ pid }) => pid);
    assert.deepEqual(leaders, [7, 9]);
  });

  it('that is gone stays gone', () => {
    const file = join(folder, 'c.lease');
    const lease = new KeptLease(file, content);
    lease[Symbol.dispose]();
    lease.launched({ pid: 7, start: 10 });
    lease[Symbol.dispose]();
    assert.equal(existsSync(file), false);
    assert.equal(readLease(file), undefined);
  });
});
