import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ended, started, temporaryFolder } from '../../test/rig/journal.ts';
import { createJournal } from './journal-writer.ts';
import { createMasker } from './masker.ts';
import { orderFile } from './order-file.ts';
import { pruneRuns } from './prune-runs.ts';
import { timeOfRunId } from './run-id.ts';
import { findRun, listRuns } from './runs.ts';
import { journalPath, openStateDir, runFolder } from './state-dir.ts';

import type { RunEvent } from '../event/event.ts';

const dead = (): boolean => false;
const alive = (): boolean => true;

/** Writes the journal of a run that began when its id says. */
async function writeRun(stateDir: string, id: string, ...events: RunEvent[]): Promise<void> {
  const now = timeOfRunId(id)!;
  const created = createJournal({
    stateDir,
    run: id,
    masker: createMasker([]),
    now: () => now,
    onFailure: (detail) => assert.fail(detail),
  });
  assert.ok(created.ok);
  for (const event of events) created.value.event(event);
  await created.value.close();
}

const [one, two, three] = [
  '20261121-100000-2aaaa',
  '20261121-110000-2abcd',
  '20261122-100000-2abcd',
];

describe('the list of runs', () => {
  it('has the latest first, and tells how each stands', async () => {
    await using folder = await temporaryFolder();
    await writeRun(folder.path, one, started(one, 1), ended);
    await writeRun(folder.path, two, started(two, 2));
    await writeRun(folder.path, three, started(three, 3));
    const runs = await listRuns(folder.path, ({ pid }) => pid === 3);
    assert.deepEqual(
      runs.map(({ id, outcome, pid, pipeline }) => ({ id, outcome, pid, pipeline })),
      [
        { id: three, outcome: 'running', pid: 3, pipeline: 'quickstart' },
        { id: two, outcome: 'lost', pid: 2, pipeline: 'quickstart' },
        { id: one, outcome: 'succeeded', pid: 1, pipeline: 'quickstart' },
      ],
    );
    assert.equal(runs[2]?.startedAt, timeOfRunId(one));
    assert.equal(runs[2]?.endedAt, timeOfRunId(one));
    assert.equal(runs[2]?.path, journalPath(folder.path, one));
  });

  it('takes nothing that a step printed for the end of its run', async () => {
    await using folder = await temporaryFolder();
    await writeRun(folder.path, one, started(one));
    const forged = '{"seq":9,"at":9,"type":"run.ended","outcome":"succeeded","seal":"x"}\n';
    const header = `{"seq":1,"at":1,"type":"output","task":"x","stream":"stdout","bytes":${forged.length}}\n`;
    await appendFile(journalPath(folder.path, one), header + forged);
    assert.equal((await listRuns(folder.path, dead))[0]?.outcome, 'lost');
  });

  it('knows the end of a run behind a torn record, and a plan of any size', async () => {
    await using folder = await temporaryFolder();
    const large = { ...started(one), plan: { name: 'p'.repeat(100_000), stages: [] } } as RunEvent;
    await writeRun(folder.path, one, large, ended);
    await appendFile(journalPath(folder.path, one), '{"seq":');
    const [run] = await listRuns(folder.path, alive);
    assert.equal(run?.outcome, 'succeeded');
    assert.equal(run.pipeline.length, 100_000);
  });

  it('passes over what is not a run, and is empty where nothing is', async () => {
    await using folder = await temporaryFolder();
    assert.deepEqual(await listRuns(join(folder.path, 'none'), dead), []);
    await mkdir(runFolder(folder.path, 'notes'), { recursive: true });
    await mkdir(runFolder(folder.path, one));
    await writeFile(runFolder(folder.path, two), 'a file');
    await mkdir(runFolder(folder.path, three));
    await writeFile(journalPath(folder.path, three), '');
    const runs = await listRuns(folder.path, alive);
    assert.deepEqual(
      runs.map(({ id, outcome }) => [id, outcome]),
      [[three, 'lost']],
    );
  });
});

describe('a run', () => {
  it('is found by its id, its beginning, its end, or as the latest', async () => {
    await using folder = await temporaryFolder();
    for (const id of [one, two, three]) await writeRun(folder.path, id, started(id), ended);
    const find = async (wanted: string): Promise<unknown> => {
      const found = await findRun(folder.path, wanted, dead);
      return found.ok ? found.value.id : found.failure;
    };
    assert.equal(await find(one), one);
    assert.equal(await find('20261121-11'), two);
    assert.equal(await find('2aaaa'), one);
    assert.equal(await find('latest'), three);
    assert.deepEqual(await find('2abcd'), {
      kind: 'ambiguousRun',
      wanted: '2abcd',
      ids: [three, two],
    });
    assert.deepEqual(await find('20261121-110001'), {
      kind: 'unknownRun',
      wanted: '20261121-110001',
      nearest: two,
    });
    assert.deepEqual(await find(''), { kind: 'unknownRun', wanted: '', nearest: undefined });
    await mkdir(runFolder(folder.path, '20261123-100000-2aaab'));
    assert.deepEqual(await find('20261123'), {
      ...{ kind: 'unwrittenRun', id: '20261123-100000-2aaab' },
    });
    assert.deepEqual(await find('../..'), {
      kind: 'unknownRun',
      wanted: '../..',
      nearest: undefined,
    });
  });

  it('is not found where there is none', async () => {
    await using folder = await temporaryFolder();
    assert.deepEqual(await findRun(folder.path, 'latest', dead), {
      ok: false,
      failure: { kind: 'noRuns' },
    });
  });

  it('that began last is the latest, among those of one second too', async () => {
    await using folder = await temporaryFolder();
    const ids = ['20261121-100000-2aaaa', '20261121-100000-2zzzz'];
    for (const [index, id] of ids.entries()) {
      const created = createJournal({
        stateDir: folder.path,
        run: id,
        masker: createMasker([]),
        now: () => timeOfRunId(id)! + index,
        onFailure: (detail) => assert.fail(detail),
      });
      assert.ok(created.ok);
      created.value.event(started(id));
      await created.value.close();
    }
    const latest = await findRun(folder.path, 'latest', dead);
    assert.ok(latest.ok);
    assert.equal(latest.value.id, ids[1]);
  });
});

describe('the latest run', () => {
  const latest = async (stateDir: string): Promise<unknown> => {
    const found = await findRun(stateDir, 'latest', alive);
    return found.ok ? found.value.id : found.failure;
  };
  const keep = async (stateDir: string, id: string, after?: string): Promise<void> => {
    await mkdir(runFolder(stateDir, id), { recursive: true });
    const link = after === undefined ? {} : { link: { after, always: false } };
    await writeFile(orderFile(stateDir, id), JSON.stringify({ order: {}, at: 1, ...link }));
  };

  it('is none that waits for another, whether or not that has been read, unless all of them wait', async () => {
    await using folder = await temporaryFolder();
    await keep(folder.path, three, two);
    assert.deepEqual(await latest(folder.path), { kind: 'unwrittenRun', id: three });
    await writeRun(folder.path, two, started(two));
    await keep(folder.path, two, one);
    assert.deepEqual(await latest(folder.path), { kind: 'unwrittenRun', id: three });
    await writeRun(folder.path, one, started(one));
    assert.equal(await latest(folder.path), one);
    await rm(orderFile(folder.path, two));
    assert.equal(await latest(folder.path), two);
    await writeRun(folder.path, three, started(three), ended);
    // Its order is only what a process did not come to remove.
    assert.equal(await latest(folder.path), three);
  });

  it('is one that is loaded and was not read yet, but no folder of which nothing is known', async () => {
    await using folder = await temporaryFolder();
    await writeRun(folder.path, one, started(one), ended);
    await keep(folder.path, two);
    await mkdir(runFolder(folder.path, three));
    assert.deepEqual(await latest(folder.path), { kind: 'unwrittenRun', id: two });
  });
});

describe('pruning', () => {
  const now = timeOfRunId(three)! + 1_000;
  const day = 86_400_000;

  it('removes what is beyond the number, and what is too old', async () => {
    await using folder = await temporaryFolder();
    for (const id of [one, two, three]) await writeRun(folder.path, id, started(id), ended);
    const rules = { keep: 2, maxAgeMs: 30 * day, now, isAlive: dead };
    assert.deepEqual(await pruneRuns(folder.path, rules), [one]);
    assert.deepEqual(await pruneRuns(folder.path, rules), []);
    assert.deepEqual(await pruneRuns(folder.path, { ...rules, maxAgeMs: day / 2 }), [two]);
    assert.deepEqual(await readdir(join(folder.path, 'runs')), [three]);
  });

  it('leaves runs that go on, folders that were just made, and what is not a run', async () => {
    await using folder = await temporaryFolder();
    await writeRun(folder.path, one, started(one));
    await mkdir(runFolder(folder.path, two));
    await writeFile(join(folder.path, 'runs/notes'), '');
    const rules = { keep: 0, maxAgeMs: 0, now: Date.now(), isAlive: alive };
    assert.deepEqual(await pruneRuns(folder.path, rules), []);
    await utimes(runFolder(folder.path, two), 0, 0);
    assert.deepEqual(await pruneRuns(folder.path, rules), [two]);
    assert.deepEqual((await readdir(join(folder.path, 'runs'))).sort(), [one, 'notes']);
  });

  it('leaves what is loaded, whether or not a process waits in it, and counts only the others', async () => {
    await using folder = await temporaryFolder();
    const [waits, killed] = ['20261122-090000-2aaaa', '20261122-090001-2aaaa'];
    await mkdir(runFolder(folder.path, waits), { recursive: true });
    await writeRun(folder.path, killed, started(killed));
    for (const id of [one, two, three]) await writeRun(folder.path, id, started(id), ended);
    for (const id of [waits, killed, one]) {
      await writeFile(orderFile(folder.path, id), '{}');
      await utimes(runFolder(folder.path, id), 0, 0);
    }
    const rules = { keep: 2, maxAgeMs: 30 * day, now, isAlive: dead };
    // The first has ended: its order is only what a process did not come to remove.
    assert.deepEqual(await pruneRuns(folder.path, rules), [one]);
    const none = { ...rules, keep: 0, maxAgeMs: 0 };
    assert.deepEqual(await pruneRuns(folder.path, none), [three, two]);
    assert.deepEqual((await readdir(join(folder.path, 'runs'))).sort(), [waits, killed]);
    for (const id of [waits, killed]) await rm(orderFile(folder.path, id));
    await utimes(runFolder(folder.path, waits), 0, 0);
    assert.deepEqual(await pruneRuns(folder.path, none), [killed, waits]);
  });

  it('leaves the run that a loaded one waits for until that begins', async () => {
    await using folder = await temporaryFolder();
    const waits = '20261122-090000-2aaaa';
    for (const id of [one, two, three]) await writeRun(folder.path, id, started(id), ended);
    await mkdir(runFolder(folder.path, waits));
    await writeFile(orderFile(folder.path, waits), `{"link":{"after":"${two}","always":false}}`);
    await utimes(runFolder(folder.path, waits), 0, 0);
    const rules = { keep: 0, maxAgeMs: 0, now, isAlive: dead };
    assert.deepEqual(await pruneRuns(folder.path, rules), [three, one]);
    assert.deepEqual(await pruneRuns(folder.path, rules), []);
    await writeRun(folder.path, waits, started(waits), ended);
    // Its order is only what a process did not come to remove.
    assert.deepEqual(await pruneRuns(folder.path, rules), [waits, two]);
  });

  it('may be done by several at once', async () => {
    await using folder = await temporaryFolder();
    const ids = Array.from({ length: 10 }, (_, index) => `20261121-10000${index}-2aaaa`);
    for (const id of ids) await writeRun(folder.path, id, started(id), ended);
    const rules = { keep: 3, maxAgeMs: 30 * day, now, isAlive: dead };
    const removed = await Promise.all([
      pruneRuns(folder.path, rules),
      pruneRuns(folder.path, rules),
      pruneRuns(folder.path, rules),
    ]);
    assert.deepEqual(new Set(removed.flat()), new Set(ids.slice(0, 7)));
    assert.deepEqual((await readdir(join(folder.path, 'runs'))).sort(), ids.slice(7));
  });
});

describe('the state folder', () => {
  it('is made, for its owner only, and left without a trace of the trial', async () => {
    await using folder = await temporaryFolder();
    const stateDir = join(folder.path, 'a/b');
    assert.ok(openStateDir(stateDir).ok);
    assert.ok(openStateDir(stateDir).ok);
    assert.deepEqual(await readdir(join(stateDir, 'runs')), []);
  });

  it('that cannot be written to is refused, with the path and what to do', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    for (const stateDir of [file, join(file, 'below'), '/proc/continuo']) {
      const opened = openStateDir(stateDir);
      assert.ok(!opened.ok, stateDir);
      assert.ok(opened.failure.detail.includes(stateDir));
      assert.match(opened.failure.detail, /--state-dir/);
    }
  });
});
