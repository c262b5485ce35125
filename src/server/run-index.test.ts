import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { openTestServer, writeRun } from '../../test/rig/server.ts';
import { inShortage } from '../../test/rig/shortage.ts';
import { goodStory } from '../../test/rig/stories.ts';
import { temporaryFolder } from '../../test/rig/journal.ts';
import { runFolder } from '../journal/state-dir.ts';
import { CixTable } from './cix/cix-table.ts';
import { openIndexDatabase } from './index-database.ts';
import { LaterIndex, migrate } from './migrations.ts';
import { RunTable } from './run-table.ts';
import { sayToBoth } from './said.ts';

import type { IndexedRun } from './run-table.ts';

const all = { limit: 100 };
const { records } = goodStory();
const id = '20261121-223012-4k3f9';

describe('the index of runs', () => {
  it('learns of runs that come, end and go', async () => {
    await using server = await openTestServer();
    const { index, stateDir, alive } = server;
    const outcomes = async () => (await index.list(all)).map(({ outcome }) => outcome);
    assert.deepEqual(await outcomes(), []);
    alive.add(4_711);
    await writeRun(stateDir, id, records.slice(0, 5));
    assert.deepEqual(await outcomes(), ['running']);
    rmSync(runFolder(stateDir, id), { recursive: true });
    await writeRun(stateDir, id, records);
    assert.deepEqual(await outcomes(), ['succeeded']);
    rmSync(runFolder(stateDir, id), { recursive: true });
    assert.deepEqual(await outcomes(), []);
  });

  it('finds a run by the beginning or the end of its id, where no other has that', async () => {
    await using server = await openTestServer();
    const { index, stateDir } = server;
    const other = '20261121-223013-8a2b1';
    const found = async (wanted: string) => (await index.find(wanted))?.id;
    await writeRun(stateDir, id, records);
    await writeRun(stateDir, other, records);
    assert.equal(await found('4k3f9'), id);
    assert.equal(await found('20261121-223013'), other);
    assert.equal(await found('20261121'), undefined);
    assert.equal(await found('3f9'), undefined);
    assert.equal(await found('latest'), other);
    index.setAlias('4k3f9', other);
    assert.equal(await found('4k3f9'), other);
  });

  it('finds by an id the run that has it, and lets no other be called so', async () => {
    await using server = await openTestServer();
    const { index, stateDir } = server;
    const other = '20261121-223013-8a2b1';
    await writeRun(stateDir, id, records);
    await writeRun(stateDir, other, records);
    // As an earlier Continuo may have taken it.
    index.setAlias(id, other);
    assert.equal((await index.find(id))?.id, id);
    const add = async (pipelineAlias: string): Promise<string> => {
      const payload = { rawPipeline: { version: 2.1 }, pipelineAlias };
      const { statusCode, body } = await server.ask({
        ...{ method: 'POST', url: '/api/pipeline', payload },
      });
      return `${statusCode} ${body}`;
    };
    assert.match(await add(other), /^400 .*pipelineAlias: this already means a run/);
    assert.match(await add('latest'), /^200 /);
    assert.match(await add('mine'), /^200 /);
    assert.equal((await index.find(other))?.id, other);
  });

  it('tells a run as lost once its process is gone', async () => {
    await using server = await openTestServer();
    server.alive.add(4_711);
    await writeRun(server.stateDir, id, records.slice(0, 5));
    assert.equal((await server.index.list(all))[0]?.outcome, 'running');
    server.alive.clear();
    assert.equal((await server.index.list(all))[0]?.outcome, 'lost');
  });

  it('tells until when a run that is lost was seen to live, and else when it last said something', async () => {
    const clock = { now: Date.UTC(2026, 10, 22) };
    await using server = await openTestServer({ wallClock: () => clock.now });
    const end = async () => {
      const told = await server.ask({ url: `/api/v1/runs/${id}/events` });
      return told.body.split('\n\n').at(-2);
    };
    server.alive.add(4_711);
    await writeRun(server.stateDir, id, records.slice(0, 5));
    await server.index.list(all);
    clock.now += 60_000;
    await server.index.list(all);
    server.alive.clear();
    clock.now += 60_000;
    const livedUntil = Date.UTC(2026, 10, 22, 0, 1);
    assert.equal((await server.index.list(all))[0]?.endedAt, livedUntil);
    assert.equal(await end(), `event: end\ndata: {"outcome":"lost","endedAt":${livedUntil}}`);

    await using other = await openTestServer();
    await writeRun(other.stateDir, id, records.slice(0, 5));
    const told = await other.ask({ url: `/api/v1/runs/${id}/events` });
    const lastAt = records[4]!.at;
    assert.match(told.body, new RegExp(`event: end\ndata: {"outcome":"lost","endedAt":${lastAt}}`));
  });

  it('tells everybody the same of when a run was lost, however many look at once', async () => {
    const clock = { now: Date.UTC(2026, 10, 22) };
    await using server = await openTestServer({ wallClock: () => clock.now });
    const { index, stateDir, alive } = server;
    const ids = Array.from({ length: 30 }, (_, nth) => `20261121-2230${10 + nth}-4k3f9`);
    alive.add(4_711);
    for (const each of ids) await writeRun(stateDir, each, records.slice(0, 5));
    await index.list(all);
    const told: Promise<IndexedRun | undefined>[] = [];
    const look = () => told.push(...ids.map((each) => index.find(each)));
    look();
    alive.clear();
    clock.now += 60_000;
    const listed = { isOver: false };
    const listing = index.list(all).finally(() => (listed.isOver = true));
    while (!listed.isOver) {
      look();
      await turn();
    }
    const ends = new Map((await listing).map(({ id: run, endedAt }) => [run, endedAt]));
    const runs = (await Promise.all(told)).filter((run) => run?.outcome === 'lost');
    assert.ok(runs.length > ids.length);
    for (const run of runs) assert.equal(run!.endedAt, ends.get(run!.id), run!.id);
    assert.equal(new Set(ends.values()).size, 1);
  });

  it('takes a run that is being started for lost when its runner dies before the first record', async () => {
    await using server = await openTestServer();
    const run = { id, pipeline: 'shop', startedAt: Date.now(), pid: 99 };
    server.alive.add(99);
    server.index.add({ ...run, outcome: 'starting' });
    assert.equal((await server.index.find(id))?.outcome, 'starting');
    assert.equal((await server.index.list(all))[0]?.outcome, 'starting');
    server.alive.clear();
    assert.equal((await server.index.list(all))[0]?.outcome, 'lost');
  });

  it('forgets a run that never began, though it is being looked at', async () => {
    await using server = await openTestServer();
    const { index, alive } = server;
    const run = { id, pipeline: 'shop', startedAt: Date.now(), pid: 99 };
    index.add({ ...run, outcome: 'starting' });
    alive.has = () => {
      index.remove(id);
      return false;
    };
    assert.deepEqual(await index.list(all), []);
    assert.deepEqual(await index.list(all), []);
  });

  it('lists what it knows while its database cannot be written, and the rest afterwards', async () => {
    await using server = await openTestServer();
    const { index, stateDir, database } = server;
    await writeRun(stateDir, id, records);
    assert.equal((await index.list(all)).length, 1);
    database.exec('PRAGMA query_only = on');
    const later = '20261121-223013-4k3f9';
    await writeRun(stateDir, later, records);
    assert.deepEqual(
      (await index.list(all)).map((run) => run.id),
      [id],
    );
    assert.equal((await index.find(later))?.outcome, 'succeeded');
    assert.match(server.troubles.join(), /readonly/);
    database.exec('PRAGMA query_only = off');
    assert.deepEqual(
      (await index.list(all)).map((run) => run.id),
      [later, id],
    );
  });

  it('stays as it is, and says so, while nothing can be opened, and learns the rest afterwards', async () => {
    await using server = await openTestServer({ wallClock: () => Date.now() + 60_000 });
    const { index, stateDir, alive, troubles } = server;
    const [running, later] = ['20261121-223013-4k3f9', '20261121-223014-4k3f9'];
    const told = async () => (await index.list(all)).map((run) => [run.id, run.outcome]);
    alive.add(4_711);
    await writeRun(stateDir, id, records);
    await writeRun(stateDir, running, records.slice(0, 5));
    const known = [
      [running, 'running'],
      [id, 'succeeded'],
    ];
    assert.deepEqual(await told(), known);
    assert.deepEqual(await inShortage(told), known);
    assert.equal((await inShortage(() => index.find(running)))?.outcome, 'running');
    assert.match(troubles[0] ?? '', /EMFILE.*journal/);
    // From here on, the folder of runs itself is to be looked at again.
    await writeRun(stateDir, later, records.slice(0, 5));
    assert.deepEqual(await inShortage(told), known);
    assert.deepEqual(await told(), [[later, 'running'], ...known]);
    alive.clear();
    assert.equal((await index.find(running))?.outcome, 'lost');
  });

  it('reads no journal for a list of runs that have ended', async () => {
    await using server = await openTestServer();
    await writeRun(server.stateDir, id, records);
    await server.index.refresh();
    // What the journal would tell now is not what was learnt.
    writeFileSync(join(runFolder(server.stateDir, id), 'journal'), 'nothing\n');
    assert.equal((await server.index.list(all))[0]?.outcome, 'succeeded');
  });
});

describe('the database of the index', () => {
  it('is made anew when it is broken, and never when a later Continuo made it', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'index.sqlite');
    writeFileSync(path, 'This is no database, and long enough to be taken for one. '.repeat(100));
    openIndexDatabase(folder.path).close();
    const database = new DatabaseSync(path);
    assert.doesNotThrow(() => database.prepare('SELECT id FROM runs').all());
    database.exec('PRAGMA user_version = 1000');
    database.close();
    const before = readFileSync(path);
    assert.throws(() => openIndexDatabase(folder.path), LaterIndex);
    assert.ok(readFileSync(path).equals(before));
  });

  it('has the names, plugins and successors that clients gave when it is made anew', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'index.sqlite');
    const other = '20261121-223013-4k3f9';
    let plugin: string;
    {
      using database = openIndexDatabase(folder.path);
      const say = sayToBoth(database, folder.path);
      const [table, cix] = [new RunTable(database, say), new CixTable(database, say)];
      for (const run of [id, other]) table.setAlias('candidate', run);
      table.setAlias('mine', id);
      cix.setNext(id, other);
      plugin = cix.addPlugin('/a/plugin.yaml');
    }
    // The machine went down as this was written.
    appendFileSync(join(folder.path, 'said.jsonl'), '{"kind":"alias","alias":"half');
    for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    writeFileSync(path, 'This is no database, and long enough to be taken for one. '.repeat(100));
    for (const time of ['once', 'twice']) {
      using database = openIndexDatabase(folder.path);
      const [table, cix] = [new RunTable(database), new CixTable(database)];
      assert.equal(table.ofAlias('candidate'), other, time);
      assert.equal(table.ofAlias('mine'), id);
      assert.deepEqual(cix.after(id), [other]);
      assert.deepEqual([cix.plugins(), cix.pluginPath(plugin)], [[plugin], '/a/plugin.yaml']);
      rmSync(path);
    }
  });

  it('keeps what an earlier Continuo had nowhere else', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'index.sqlite');
    {
      using database = openIndexDatabase(folder.path);
      // Into the database alone.
      new RunTable(database).setAlias('mine', id);
    }
    openIndexDatabase(folder.path).close();
    rmSync(path);
    using database = openIndexDatabase(folder.path);
    assert.equal(new RunTable(database).ofAlias('mine'), id);
  });

  it('is brought up to date step by step, each once', () => {
    const database = new DatabaseSync(':memory:');
    const steps = ['CREATE TABLE one (a)', 'ALTER TABLE one ADD COLUMN b'];
    migrate(database, steps.slice(0, 1));
    migrate(database, steps);
    migrate(database, steps);
    assert.doesNotThrow(() => database.prepare('SELECT a, b FROM one').all());
    database.close();
  });
});
