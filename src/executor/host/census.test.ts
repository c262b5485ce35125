import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Census } from './census.ts';

import type { ProcessEntry, ProcessTable } from '../common/process-table.ts';
import type { ProcessTree } from './process-tree.ts';

/** A machine whose processes a test holds in its hand. */
function machine(closed: boolean) {
  let entries: ProcessEntry[] = [];
  const markers = new Map<number, string>();
  const outputs = new Map<number, string>();
  const table = {
    variableOf: (pid: number) => markers.get(pid),
    holds: (pid: number, path: string) => outputs.get(pid)?.startsWith(path) === true,
  } as Partial<ProcessTable> as ProcessTable;
  const census = new Census({ list: () => entries, closed }, table);
  const put = (pid: number, more: Partial<ProcessEntry> = {}): void => {
    const entry = { pid, parent: 1, group: pid, session: pid, start: pid, name: 'x', ...more };
    entries = [...entries.filter((other) => other.pid !== pid), entry];
  };
  const task = (pid: number): ProcessTree => {
    put(pid, { parent: process.pid });
    const traits = { leader: { pid, start: pid }, marker: `m${pid}`, output: `/o/${pid}.` };
    return census.track(traits);
  };
  const end = (pid: number): void => {
    entries = entries.filter((entry) => entry.pid !== pid);
  };
  /** As a look does that comes later than any that is still fresh. */
  const pids = (tree: ProcessTree): number[] => {
    const start = performance.now();
    while (performance.now() - start < 2);
    return tree.members().map(({ pid }) => pid);
  };
  return { census, markers, outputs, put, task, end, pids };
}

for (const closed of [true, false])
  describe(`a census of a ${closed ? 'closed' : 'open'} population`, () => {
    it('gives each task its session, its children and theirs', () => {
      const { put, task, pids } = machine(closed);
      const [one, two] = [task(100), task(200)];
      put(101, { session: 100 });
      put(250, { parent: 101 });
      put(201, { parent: 200 });
      assert.deepEqual(
        [pids(one), pids(two)],
        [
          [100, 101, 250],
          [200, 201],
        ],
      );
    });

    it('knows an orphan by its environment or its output', () => {
      const { markers, outputs, put, task, pids } = machine(closed);
      const [one, two] = [task(100), task(200)];
      put(301);
      put(302);
      markers.set(301, 'm100');
      outputs.set(302, '/o/200.out');
      assert.deepEqual(
        [pids(one), pids(two)],
        [
          [100, 301],
          [200, 302],
        ],
      );
    });

    it('keeps whom it knew when the ties are cut', () => {
      const { put, task, end, pids } = machine(closed);
      const [one, two] = [task(100), task(200)];
      put(300, { parent: 100 });
      assert.deepEqual(pids(one), [100, 300]);
      end(100);
      put(300);
      assert.deepEqual([pids(one), pids(two)], [[300], [200]]);
    });

    it('does not take a later owner of a pid for the earlier one', () => {
      const { put, task, end, pids } = machine(closed);
      const [one] = [task(100), task(200)];
      put(300, { parent: 100 });
      pids(one);
      end(100);
      put(300, { start: 900, parent: process.pid });
      assert.deepEqual(pids(one), []);
    });

    it('leaves our other children alone, and what they start', () => {
      const { census, put, task, pids } = machine(closed);
      const one = task(100);
      put(400, { parent: process.pid });
      put(401, { parent: 400 });
      assert.deepEqual([pids(one), census.strays()], [[100], []]);
    });

    it('never counts ourselves', () => {
      const { census, put, task, pids } = machine(closed);
      const one = task(100);
      put(process.pid, { session: 100, start: 100 });
      assert.deepEqual([pids(one), census.strays()], [[100], []]);
    });
  });

describe('an orphan without any tie', () => {
  it('of a closed population is the only task’s that was there', () => {
    const { put, task, pids } = machine(true);
    const one = task(100);
    put(300);
    put(301, { parent: 300 });
    assert.deepEqual(pids(one), [100, 300, 301]);
  });

  it('is a stray when there were several', () => {
    const { census, put, task, pids } = machine(true);
    const [one, two] = [task(100), task(200)];
    put(300);
    assert.deepEqual([pids(one), pids(two)], [[100], [200]]);
    assert.deepEqual(
      census.strays().map(({ pid }) => pid),
      [300],
    );
  });

  it('stays a stray when one of them has ended', () => {
    const { put, task, pids } = machine(true);
    const [one, two] = [task(100), task(200)];
    put(300);
    pids(one);
    one.release();
    assert.deepEqual(pids(two), [200]);
  });

  it('is not that of a task that came later', () => {
    const { put, task, pids } = machine(true);
    task(100);
    const later = task(400);
    put(300);
    assert.deepEqual(pids(later), [400]);
  });

  it('of the whole machine is nobody’s', () => {
    const { census, put, task, pids } = machine(false);
    const one = task(100);
    put(300);
    assert.deepEqual([pids(one), census.strays()], [[100], []]);
  });
});
