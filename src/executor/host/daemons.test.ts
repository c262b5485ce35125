import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { processTable } from '../common/process-table.ts';
import { HostExecutor } from './host-executor.ts';

import type { Sandbox, Task } from '../executor.ts';

const never = new AbortController().signal;
const how = { signal: 'TERM', graceMs: 5_000 };

/** Another session, no environment, no output of ours, no living parent. */
const daemon = (seconds: number): string =>
  `setsid env -i sh -c 'sleep ${seconds} >/dev/null 2>&1 &' >/dev/null 2>&1`;

describe('a daemon that cut every tie', { skip: process.platform !== 'linux' }, () => {
  let folder: string;
  let sandbox: Sandbox;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-daemons-'));
    const leasesDir = join(folder, 'leases');
    const executor = new HostExecutor({ environment: process.env, leasesDir, scratchRoot: folder });
    const opened = await executor.open({ runId: 'd', stage: 's', workspace: folder }, never);
    assert.ok(opened.ok);
    sandbox = opened.value;
  });
  afterEach(async () => {
    await sandbox[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  async function launch(text: string): Promise<Task> {
    const run = { kind: 'script', interpreter: ['/bin/sh'], text } as const;
    const launched = await sandbox.launch({ name: 't', run, environment: {} }, never);
    assert.ok(launched.ok);
    return launched.value;
  }

  it('ends with the only task that can have started it', async (test) => {
    const task = await launch(`${daemon(5_551)}; sleep 60`);
    if (!isInOurGroup(task)) {
      test.skip('no control group can be made here');
      return;
    }
    await until(() => sleepers(5_551) === 1);
    await task.stop(how);
    assert.equal(sleepers(5_551), 0);
  });

  it('is left behind by a task that ended by itself', async (test) => {
    const gate = await launch('sleep 60');
    const inGroup = isInOurGroup(gate);
    await gate.stop(how);
    if (!inGroup) {
      test.skip('no control group can be made here');
      return;
    }
    const task = await launch(daemon(5_552));
    await task.exited;
    await until(() => sleepers(5_552) === 1);
    const { leftBehind } = await task.stop(how);
    assert.deepEqual(
      leftBehind.map(({ command }) => command),
      ['sleep 5552'],
    );
    assert.equal(sleepers(5_552), 0);
  });

  it('ends with the sandbox when several tasks can have started it', async (test) => {
    const tasks = await Promise.all([launch('sleep 60'), launch(`${daemon(5_553)}; sleep 60`)]);
    if (!isInOurGroup(tasks[0])) {
      test.skip('no control group can be made here');
      return;
    }
    await until(() => sleepers(5_553) === 1);
    await Promise.all(tasks.map((task) => task.stop(how)));
    await sandbox[Symbol.asyncDispose]();
    assert.equal(sleepers(5_553), 0);
  });
});

it(
  'a daemon is found without a control group by the file that it was given',
  { skip: process.platform !== 'linux' },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-daemons-'));
    const executor = new HostExecutor({
      environment: process.env,
      leasesDir: join(folder, 'leases'),
      scratchRoot: folder,
      trees: 'processTable',
    });
    const opened = await executor.open({ runId: 'd', stage: 's', workspace: folder }, never);
    assert.ok(opened.ok);
    try {
      const run = { kind: 'script', interpreter: ['/bin/sh'], text: daemon(5_554) } as const;
      const launched = await opened.value.launch({ name: 't', run, environment: {} }, never);
      assert.ok(launched.ok);
      await launched.value.exited;
      await until(() => sleepers(5_554) === 1);
      const { leftBehind } = await launched.value.stop(how);
      assert.deepEqual(
        leftBehind.map(({ command }) => command),
        ['sleep 5554'],
      );
      assert.equal(sleepers(5_554), 0);
    } finally {
      await opened.value[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    }
  },
);

const isInOurGroup = ({ label }: Task): boolean =>
  /^0::.*\/continuo-/m.test(readFileSync(`/proc/${label.slice('pid '.length)}/cgroup`, 'utf8'));

const sleepers = (seconds: number): number =>
  processTable.list().filter(({ pid }) => processTable.commandOf(pid) === `sleep ${seconds}`)
    .length;

async function until(fact: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!fact()) {
    assert.ok(performance.now() < deadline, 'never became true');
    await delay(2);
  }
}
