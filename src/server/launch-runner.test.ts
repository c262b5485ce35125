import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { openTestServer } from '../../test/rig/server.ts';
import { launchRunner } from './launch-runner.ts';
import { LoadedRuns } from './loaded-runs.ts';
import { RunViews } from './run-views.ts';
import { serverDirOf } from './where.ts';

import type { TestServer } from '../../test/rig/server.ts';

/** A runner that reads until there is a file `go`, and then finds a mistake. */
const slow =
  'echo x >>starts; until [ -e go ]; do sleep 0.02; done; echo "no such plugin" >&2; exit 2';

/** What has a runner started that is waited for only a moment. */
const worldOf = ({ stateDir, index, alive }: TestServer) => ({
  ...{ stateDir, index, version: '0.0.0', pid: 1, patienceMs: 30 },
  runner: { file: 'sh', args: ['-c', slow], env: { PATH: process.env['PATH'] } },
  isAlive: ({ pid }: { pid: number }) => alive.has(pid),
  ownerOf: (pid: number) => ({ pid }),
});

const wishOf = ({ workspace }: TestServer) => ({
  ...{ workspace, file: join(workspace, 'shop.yaml'), load: false },
  ...{ variables: {}, secrets: {}, executor: 'auto' as const },
});

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
    const loaded = new LoadedRuns({
      ...worldOf(server),
      serverDir: serverDirOf(server.stateDir),
      views: new RunViews(server.stateDir),
      onTrouble: (text) => assert.fail(text),
    });
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
});
