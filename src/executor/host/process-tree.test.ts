import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { belonging } from './process-tree.ts';

import type { ProcessEntry, ProcessTable } from '../common/process-table.ts';
import type { TreeTraits } from './process-tree.ts';

const entry = (pid: number, more: Partial<ProcessEntry> = {}): ProcessEntry => ({
  pid,
  parent: 1,
  group: pid,
  session: pid,
  start: pid,
  name: 'x',
  ...more,
});

function pids(
  entries: ProcessEntry[],
  { marked = [], writing = [], seen = [], ...traits }: Partial<TreeTraits> & Known = {},
): number[] {
  const table = {
    variableOf: (pid: number) => (marked.includes(pid) ? 'M.7' : 'other'),
    holds: (pid: number) => writing.includes(pid),
  } as Partial<ProcessTable> as ProcessTable;
  const leaders = [{ pid: 100, start: 100 }];
  const wanted = { leaders, since: 90, marker: 'M.', output: '/o', ...traits };
  return belonging(entries, wanted, new Map(seen), table).map(({ pid }) => pid);
}

interface Known {
  marked?: number[];
  writing?: number[];
  seen?: [pid: number, start: number][];
}

describe('to a tree belong', () => {
  it('the leader and its session', () => {
    assert.deepEqual(pids([entry(100), entry(101, { session: 100 }), entry(102)]), [100, 101]);
  });

  it('descendants, in whatever order the table lists them', () => {
    const entries = [
      entry(90, { parent: 300, start: 400 }),
      entry(100),
      entry(200, { parent: 100 }),
      entry(300, { parent: 200 }),
    ];
    assert.deepEqual(pids(entries), [90, 100, 200, 300]);
  });

  it('who carries the marker, writes to the output or was seen before', () => {
    const entries = [200, 201, 202, 203].map((pid) => entry(pid));
    const known = { marked: [200], writing: [201], seen: [[202, 202]] as [number, number][] };
    assert.deepEqual(pids(entries, known), [200, 201, 202]);
  });

  it('these too when no leader was put down before the owner died', () => {
    const entries = [200, 201, 202].map((pid) => entry(pid));
    assert.deepEqual(pids(entries, { leaders: [], marked: [200], writing: [201] }), [200, 201]);
  });
});

describe('to a tree does not belong', () => {
  it('a later owner of a pid that was seen', () => {
    assert.deepEqual(pids([entry(200, { start: 250 })], { seen: [[200, 200]] }), []);
  });

  it('the session of a later owner of the leader’s pid', () => {
    const entries = [entry(100, { start: 500 }), entry(101, { session: 100, start: 501 })];
    assert.deepEqual(pids(entries), []);
  });

  it('who started before the owner, whatever it carries', () => {
    assert.deepEqual(pids([entry(50)], { marked: [50] }), []);
  });

  it('ourselves and the first process', () => {
    const entries = [entry(1, { session: 100 }), entry(process.pid, { session: 100 })];
    assert.deepEqual(pids(entries), []);
  });
});
