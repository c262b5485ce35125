import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { openTestServer, writeRun } from '../../test/rig/server.ts';
import { goodStory } from '../../test/rig/stories.ts';
import { ok } from '../base/result.ts';
import { ownerIsAlive, ownerOf, signalOwner } from '../cli/find-run.ts';
import { takeCommands } from '../control/take-commands.ts';
import { createJournal } from '../journal/journal-writer.ts';
import { createMasker } from '../journal/masker.ts';
import { newRunId } from '../journal/run-id.ts';
import { isKept } from '../journal/order-file.ts';
import { journalPath, runFolder } from '../journal/state-dir.ts';
import { askRun } from './ask-run.ts';
import { endReader } from './end-reader.ts';
import { launchRunner } from './launch-runner.ts';
import { LoadedRuns } from './loaded-runs.ts';
import { RunViews } from './run-views.ts';
import { serverDirOf } from './where.ts';

import type { TestServer } from '../../test/rig/server.ts';
import type { RunCommand } from '../event/run-command.ts';
import type { IndexedRun } from './run-table.ts';

/** A runner that reads until there is a file `go`, and then finds a mistake. */
const slow =
  'echo x >>starts; until [ -e go ]; do sleep 0.02; done; echo "no such plugin" >&2; exit 2';

/** What has a runner started that is waited for only a moment. */
const worldOf = ({ stateDir, index, alive }: TestServer) => ({
  ...{ stateDir, index, version: '0.0.0', pid: 1, patienceMs: 30 },
  runner: { file: 'sh', args: ['-c', slow], env: { PATH: process.env['PATH'] } },
  isAlive: ({ pid }: { pid: number }) => alive.has(pid),
  ownerOf: (pid: number) => ({ pid }),
  signalOwner: () => undefined,
});

const wishOf = ({ workspace }: TestServer) => ({
  ...{ workspace, file: join(workspace, 'shop.yaml'), load: false },
  ...{ variables: {}, secrets: {}, executor: 'auto' as const },
});

const loadedOf = (server: TestServer, more: object = {}): LoadedRuns =>
  new LoadedRuns({
    ...worldOf(server),
    serverDir: serverDirOf(server.stateDir),
    views: new RunViews(server.stateDir),
    onTrouble: (text) => assert.fail(text),
    ...more,
  });

/** A run whose process reads it, and its end as somebody asks for it who has just looked. */
function startingOf(server: TestServer, more: object) {
  const reader = { pid: 4_711, pidStart: '1' };
  const known = { id: newRunId(Date.now()), pipeline: 'shop', startedAt: Date.now() };
  const run: IndexedRun = { ...known, outcome: 'starting', ...reader };
  server.alive.add(reader.pid);
  server.index.add(run);
  const world = { ...worldOf(server), loaded: loadedOf(server, more) };
  return { run, kill: () => askRun(run, { do: 'kill', by: 'ann' }, world) };
}

async function until(is: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await is())) await delay(10);
}

describe('a run that takes long to be read', () => {
  it('has failed when it cannot be, and says why, although nobody waits for it any more', async () => {
    await using server = await openTestServer();
    const launched = await launchRunner(wishOf(server), worldOf(server));
    assert.ok(launched.ok);
    const { id, outcome } = launched.value;
    assert.notEqual(outcome, 'failed');
    writeFileSync(join(server.workspace, 'go'), '');
    await until(async () => (await server.index.find(id))?.outcome === 'failed');
    const told = await server.ask({ url: `/api/v1/runs/${id}` });
    const { pipeline, cause } = told.json<{ pipeline: string; cause: { detail: string } }>();
    assert.deepEqual([pipeline, cause.detail], ['shop', 'no such plugin']);
  });

  it('is read by one process, however often it is woken, and tells the next why it never began', async () => {
    await using server = await openTestServer();
    const loaded = loadedOf(server);
    const { id } = loaded.keep(wishOf(server));
    const starts = join(server.workspace, 'starts');
    assert.deepEqual(await loaded.wake(id), { ok: true, value: undefined });
    await until(() => existsSync(starts));
    assert.deepEqual(await loaded.wake(id), { ok: true, value: undefined });
    writeFileSync(join(server.workspace, 'go'), '');
    let woken = await loaded.wake(id);
    while (woken.ok) woken = await loaded.wake(id);
    assert.deepEqual(woken.failure, { code: 2, said: 'no such plugin\n' });
    assert.equal(readFileSync(starts, 'utf8'), 'x\n');
  });

  it('cannot begin any more once it is ended, though its process has read all of it by then', async () => {
    await using server = await openTestServer();
    const signals: string[] = [];
    const { run, kill } = startingOf(server, {
      signalOwner: ({ pid }: { pid: number }, signal: string) => {
        signals.push(`${pid} ${signal}`);
        const spec = { stateDir: server.stateDir, run: run.id, masker: createMasker([]) };
        const created = createJournal({ ...spec, now: () => 0, onFailure: () => undefined });
        assert.equal(created.ok ? undefined : created.failure.code, 'EEXIST');
        server.alive.delete(pid);
      },
    });
    assert.deepEqual(await kill(), ok(undefined));
    assert.deepEqual(signals, ['4711 SIGTERM']);
    const told = await server.ask({ url: `/api/v1/runs/${run.id}` });
    const { outcome, cancelledBy, pipeline } = told.json<Record<string, unknown>>();
    assert.deepEqual([outcome, cancelledBy, pipeline], ['cancelled', 'ann', 'shop']);
  });

  it('is ended with its process, too, when what that has written cannot be read', async () => {
    await using server = await openTestServer();
    const signals: string[] = [];
    const loaded = loadedOf(server, {
      signalOwner: ({ pid }: { pid: number }, signal: string) => {
        signals.push(`${pid} ${signal}`);
        server.alive.delete(pid);
      },
    });
    const run = loaded.keep(wishOf(server));
    server.alive.add(4_711);
    server.index.addReader(run.id, { pid: 4_711, pidStart: '1' });
    writeFileSync(journalPath(server.stateDir, run.id), 'junk\n');
    await server.index.refresh();
    assert.ok(await loaded.drop(run, { kind: 'cancelled', by: 'ann' }));
    assert.deepEqual(signals, ['4711 SIGTERM']);
    assert.equal((await server.index.find(run.id))?.outcome, 'cancelled');
  });

  it('that has begun just now is asked to end, and its process is left to do that', async () => {
    await using server = await openTestServer();
    const { run, kill } = startingOf(server, { signalOwner: () => assert.fail('a signal') });
    await writeRun(server.stateDir, run.id, goodStory().records.slice(0, 5));
    const taken: RunCommand[] = [];
    using _control = await takeCommands(runFolder(server.stateDir, run.id), (command) => {
      taken.push(command);
      return ok(undefined);
    });
    assert.deepEqual(await kill(), ok(undefined));
    assert.deepEqual(taken, [{ do: 'kill', by: 'ann' }]);
    assert.equal((await server.index.find(run.id))?.outcome, 'running');
  });
});

describe('runs that are linked', () => {
  it('are linked in no circle, by whichever routes, and one that stands there holds up nobody', async () => {
    await using server = await openTestServer();
    const loaded = loadedOf(server);
    const keep = () => loaded.keep(wishOf(server)).id;
    const [one, two, three] = [keep(), keep(), keep()];
    const link = async (run: string, after: string): Promise<number> => {
      const url = `/api/v1/runs/${run}/link`;
      return (await server.ask({ method: 'POST', url, payload: { after } })).statusCode;
    };
    const linkAsCix = async (run: string, next: string): Promise<number> =>
      (await server.ask({ url: `/api/pipeline/${run}/link/${next}` })).statusCode;
    assert.equal(await link(one, two), 200);
    assert.equal(await linkAsCix(one, two), 400);
    assert.equal(await linkAsCix(one, three), 200);
    assert.equal(await link(two, three), 422);
    // As an earlier Continuo may have left it.
    assert.ok(await loaded.beginAfter(two, { after: one, always: false }));
    assert.equal(await link(three, one), 200);
    assert.deepEqual(server.bugs, []);
  });

  it('come to their turn while another takes long to be read', async ({ signal }) => {
    await using server = await openTestServer();
    const { index, stateDir, workspace } = server;
    const loaded = loadedOf(server, { patienceMs: 600_000 });
    const comesTo = (run: IndexedRun, outcome: string) =>
      until(async () => {
        signal.throwIfAborted();
        loaded.settle();
        return (await index.find(run.id))?.outcome === outcome;
      });
    const [before, gone] = ['20261121-223012-4k3f9', '20261121-223013-4k3f9'];
    await writeRun(stateDir, before, goodStory().records);
    const long = loaded.keep(wishOf(server), { after: before, always: false });
    loaded.settle();
    await until(() => existsSync(join(workspace, 'starts')));
    const other = loaded.keep(wishOf(server), { after: gone, always: false });
    await comesTo(other, 'cancelled');
    assert.equal((await index.find(long.id))?.outcome, 'loaded');
    writeFileSync(join(workspace, 'go'), '');
    await comesTo(long, 'failed');
  });
});

describe('loaded runs', () => {
  it('are looked at, however many, and nothing is forgotten of runs that somebody looks at', async () => {
    await using server = await openTestServer();
    const { stateDir } = server;
    const views = new RunViews(stateDir);
    const loaded = loadedOf(server, { views });
    const { records } = goodStory();
    const seen = '20261121-223012-4k3f9';
    await writeRun(stateDir, seen, records);
    const view = await views.of(seen);
    const runs = Array.from({ length: 40 }, () => loaded.keep(wishOf(server)).id);
    for (const run of runs) await writeRun(stateDir, run, records);
    loaded.settle();
    await until(() => !runs.some((run) => isKept(stateDir, run)));
    assert.equal(await views.of(seen), view);
  });
});

describe('a process that reads a run', () => {
  it('is killed when it does not end by itself, and nobody is who has got its number', async () => {
    const child = spawn('sh', ['-c', "trap '' TERM; echo on; while :; do sleep 0.05; done"]);
    const gone = once(child, 'exit');
    await once(child.stdout, 'data');
    const reader = ownerOf(child.pid!);
    const another = { ...reader, pidStart: String(Number(reader.pidStart) - 1) };
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) signalOwner(another, signal);
    await endReader(reader, { isAlive: ownerIsAlive, signalOwner: () => undefined }, 50);
    assert.ok(ownerIsAlive(reader));
    await endReader(reader, { isAlive: ownerIsAlive, signalOwner }, 50);
    assert.deepEqual(await gone, [null, 'SIGKILL']);
  });
});
