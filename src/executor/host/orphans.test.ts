import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { groupAtFirst } from '../common/own-group.ts';
import { thisProcess } from '../common/owner.ts';
import { processTable } from '../common/process-table.ts';
import { readLease } from './lease.ts';
import { markerName } from './process-tree.ts';
import { sweepHost } from './sweep.ts';

import type { ChildProcess } from 'node:child_process';
import type { HostOptions } from './host-executor.ts';

const isLinux = process.platform === 'linux';

for (const trees of ['auto', 'processTable'] as const)
  describe(`after kill -9 of Continuo (${trees})`, { skip: !isLinux }, () => {
    let folder: string;
    let leasesDir: string;

    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'continuo-orphans-'));
      leasesDir = join(folder, 'leases');
    });
    after(() => {
      for (const child of started) child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    });

    it('the watchdog ends what was left and removes what was made', async () => {
      const run = await startRun(
        folder,
        trees,
        `setsid env -i sleep 1111 & (sleep 1111 &); sleep 1111`,
      );
      await until(() => run.alive().length >= 3);
      await kill9(run.process);
      await until(() => run.alive().length === 0 && run.traces().length === 0);
    });

    it('the watchdog lets everybody say goodbye', async () => {
      const file = join(folder, 'goodbye');
      const run = await startRun(
        folder,
        trees,
        `exec 2>/dev/null; trap 'echo bye >${file}; exit' TERM; echo up; while :; do sleep 0.02; done`,
      );
      await kill9(run.process);
      await until(() => run.alive().length === 0 && run.traces().length === 0);
      assert.equal(readFileSync(file, 'utf8'), 'bye\n');
    });

    it('the next run sweeps when the watchdog was killed too', async () => {
      const run = await startRun(folder, trees, `setsid sleep 2222 & sleep 2222`);
      await until(() => run.alive().length >= 2);
      process.kill(run.watchdog, 'SIGKILL');
      await kill9(run.process);
      assert.notEqual(run.alive().length, 0);
      assert.deepEqual(await sweepHost(leasesDir), [run.id]);
      assert.deepEqual([run.alive(), run.traces()], [[], []]);
      assert.deepEqual(await sweepHost(leasesDir), []);
    });

    it('a living run is left alone', async () => {
      const run = await startRun(folder, trees, `sleep 3333`);
      await until(() => run.alive().length >= 1);
      const before = run.alive();
      assert.deepEqual(await sweepHost(leasesDir), []);
      assert.deepEqual(run.alive(), before);
      await kill9(run.process);
      await until(() => run.alive().length === 0 && run.traces().length === 0);
    });

    it('the watchdog removes what had been made by then, however early that was', async () => {
      for (let made = 1; made <= 5; made++) {
        const { pid, dies } = openAndDie(folder, trees, made);
        await dies;
        const traces = (): string[] =>
          [...namesIn(folder), ...namesIn(leasesDir), ...namesIn(groupAtFirst())].filter(
            (name) =>
              name.startsWith('continuo-r-') ||
              name.startsWith(`continuo-${pid}-`) ||
              name.startsWith('r-'),
          );
        await until(() => traces().length === 0);
      }
    });

    it('the watchdog of an orderly end has nothing to do and is gone', async () => {
      const run = await startRun(folder, trees, 'sleep 4444');
      run.process.kill('SIGTERM');
      await once(run.process, 'exit');
      assert.equal(processTable.find(run.watchdog), undefined);
      assert.deepEqual([run.alive(), run.traces()], [[], []]);
    });
  });

describe('the sweep', () => {
  it('leaves alone what was leased where it cannot look, and removes what a restart ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-sweep-'));
    const lease = {
      runId: 'r',
      marker: 'x.',
      scratch: join(folder, 'none'),
    };
    const here = { ...thisProcess(), pid: 1, start: 1 };
    writeFileSync(
      join(folder, 'a.lease'),
      `${JSON.stringify({ ...lease, owner: { ...here, pids: 'pid:[1]' } })}\n`,
    );
    writeFileSync(
      join(folder, 'b.lease'),
      `${JSON.stringify({ ...lease, owner: { ...here, boot: 'before' } })}\n`,
    );
    writeFileSync(join(folder, 'c.lease'), `{"torn`);
    assert.deepEqual(await sweepHost(folder), ['r']);
    assert.deepEqual(readdirSync(folder).sort(), ['a.lease', 'c.lease']);
    assert.deepEqual(await sweepHost(join(folder, 'missing')), []);
    rmSync(folder, { recursive: true });
  });
});

interface StartedRun {
  readonly id: string;
  readonly process: ChildProcess;
  readonly watchdog: number;
  /** The pids of what its tasks started. */
  alive(): number[];
  /** The files, folders and groups that it made. */
  traces(): string[];
}

const started = new Set<ChildProcess>();
let runs = 0;

/** A Continuo of its own that runs one script until it is killed, or ends in order on TERM. */
async function startRun(
  folder: string,
  trees: HostOptions['trees'],
  script: string,
): Promise<StartedRun> {
  const id = `orphans-${process.pid}-${runs++}`;
  const leasesDir = join(folder, 'leases');
  const text = `
    import { HostExecutor } from ${JSON.stringify(join(import.meta.dirname, 'host-executor.ts'))};
    const never = new AbortController().signal;
    const executor = new HostExecutor(${JSON.stringify({ environment: { PATH: process.env['PATH'] }, leasesDir, scratchRoot: folder, trees })});
    const opened = await executor.open({ runId: '${id}', stage: 's', workspace: '/' }, never);
    const run = { kind: 'script', interpreter: ['/bin/sh'], text: ${JSON.stringify(`echo up; ${script}\n`)} };
    const launched = await opened.value.launch({ name: 't', run, environment: {} }, never);
    process.once('SIGTERM', () => opened.value[Symbol.asyncDispose]());
    for await (const { bytes } of launched.value.output) process.stdout.write(bytes);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.add(child);
  await once(child.stdout, 'data');
  const file = readdirSync(leasesDir).find((name) => name.startsWith(id))!;
  const { lease } = readLease(join(leasesDir, file))!;
  const children = processTable.list().filter(({ parent }) => parent === child.pid);
  const watchdog = children.find(({ pid }) =>
    processTable.commandOf(pid).includes('watchdog'),
  )!.pid;
  const known = new Set<number>();
  return {
    id,
    process: child,
    watchdog,
    alive: () => {
      const all = processTable.list();
      for (const { pid, parent, session } of all)
        if (
          processTable.variableOf(pid, markerName)?.startsWith(lease.marker) === true ||
          known.has(parent) ||
          known.has(session)
        )
          known.add(pid);
      return all.map(({ pid }) => pid).filter((pid) => known.has(pid));
    },
    traces: () =>
      [join(leasesDir, file), lease.scratch, lease.group].filter(
        (path) => path !== undefined && existsSync(path),
      ) as string[],
  };
}

/** A Continuo of its own that is killed at once after it has made so many folders for a sandbox. */
function openAndDie(
  folder: string,
  trees: HostOptions['trees'],
  made: number,
): { pid: number; dies: Promise<unknown> } {
  const leasesDir = join(folder, 'leases');
  const text = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { mkdirSync } = fs;
    let left = ${made};
    fs.mkdirSync = (...given) => {
      mkdirSync(...given);
      if (--left === 0) process.kill(process.pid, 'SIGKILL');
    };
    syncBuiltinESMExports();
    const { HostExecutor } = await import(${JSON.stringify(join(import.meta.dirname, 'host-executor.ts'))});
    const executor = new HostExecutor(${JSON.stringify({ environment: {}, leasesDir, scratchRoot: folder, trees })});
    await executor.open({ runId: 'r', stage: 's', workspace: '/' }, new AbortController().signal);
    process.kill(process.pid, 'SIGKILL');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: 'inherit' });
  started.add(child);
  return { pid: child.pid!, dies: once(child, 'exit') };
}

const namesIn = (folder: string | undefined): string[] =>
  folder !== undefined && existsSync(folder) ? readdirSync(folder) : [];

async function kill9(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function until(fact: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!fact()) {
    assert.ok(performance.now() < deadline, 'never became true');
    await delay(5);
  }
}
