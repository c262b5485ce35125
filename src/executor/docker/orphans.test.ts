import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { docker, dockerSuite, nothingLabelled } from '../../../test/rig/docker.ts';
import { imageOf } from '../../../test/images/images.ts';
import { processTable } from '../common/process-table.ts';
import { cleanUp } from './cleanup.ts';
import { labelOf, labelsFor } from './labels.ts';
import { listMade } from './made.ts';
import { findLeftovers, removeLeftovers, sweepDocker } from './sweep.ts';

import type { ChildProcess } from 'node:child_process';
import type { Engine, Swept } from './sweep.ts';

const engine: Engine = { docker, where: 'unix:///var/run/docker.sock' };
const beside = (name: string): string => JSON.stringify(join(import.meta.dirname, name));

dockerSuite('what a dead run has made on an engine', () => {
  let folder: string;
  let leasesDir: string;
  const started = new Set<StartedRun>();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-docker-orphans-'));
    leasesDir = join(folder, 'leases');
  });

  after(async () => {
    for (const run of started) {
      run.process.kill('SIGKILL');
      await cleanUp(docker, labelOf(run.sandbox), { graceMs: 0 });
    }
    rmSync(folder, { recursive: true });
  });

  const start = async (more: StartOptions = {}): Promise<StartedRun> => {
    const run = await startRun(leasesDir, more);
    started.add(run);
    return run;
  };
  const sweptRuns = (swept: readonly Swept[]): string[] => {
    return swept
      .filter(({ failure }) => failure === undefined)
      .map(({ leftover }) => leftover.runId);
  };

  it('is gone within 10 s of its kill -9, and its lease too', async () => {
    const run = await start({ isBusy: true });
    assert.ok((await listMade(docker, labelOf(run.sandbox))).length >= 4);
    await kill9(run.process);
    await nothingLabelled(labelOf(run.sandbox));
    // What it asked for with its last breath comes when all else is gone already.
    await until(() => !existsSync(run.lease));
    assert.equal(existsSync(run.scratch), false);
    assert.deepEqual(await listMade(docker, labelOf(run.sandbox)), []);
  });

  it('is left to the next run when its watchdog was killed too', async () => {
    const stranger = `stranger-${process.pid}`;
    await docker.createVolume({ Name: stranger });
    try {
      const run = await start();
      const living = await start();
      process.kill(run.watchdog, 'SIGKILL');
      await kill9(run.process);
      assert.equal((await listMade(docker, labelOf(run.sandbox))).length, 3);
      await sweepDocker(engine, leasesDir);
      // Another run may have swept it, too.
      await nothingLabelled(labelOf(run.sandbox));
      assert.deepEqual(readdirSync(leasesDir), [living.lease.slice(leasesDir.length + 1)]);
      assert.equal((await listMade(docker, labelOf(living.sandbox))).length, 3);
      assert.ok(await docker.getVolume(stranger).inspect());
      await stop(living.process);
      await cleanUp(docker, labelOf(living.sandbox), { graceMs: 0 });
    } finally {
      await docker.getVolume(stranger).remove();
    }
  });

  it('stays when it was kept, until somebody asks for it', async () => {
    const run = await start({ keep: true });
    await stop(run.process);
    assert.equal(processTable.find(run.watchdog), undefined);
    assert.ok(!sweptRuns(await sweepDocker(engine, leasesDir)).includes(run.id));
    const leftovers = await findLeftovers(engine, leasesDir);
    const mine = leftovers.found.find(({ sandbox }) => sandbox === run.sandbox)!;
    assert.deepEqual([mine.isKept, mine.fate, mine.made.length], [true, 'dead', 3]);
    const swept = await removeLeftovers(
      engine,
      leftovers,
      ({ sandbox }) => sandbox === run.sandbox,
    );
    assert.deepEqual(sweptRuns(swept), [run.id]);
    assert.deepEqual([existsSync(run.lease), existsSync(run.scratch)], [false, false]);
    assert.deepEqual(await listMade(docker, labelOf(run.sandbox)), []);
  });

  it('does not stay when it was only to be kept had it come to its end', async () => {
    const run = await start({ keep: true });
    process.kill(run.watchdog, 'SIGKILL');
    await kill9(run.process);
    assert.ok(sweptRuns(await sweepDocker(engine, leasesDir)).includes(run.id));
  });

  it('is removed although a stranger’s container has joined its network', async () => {
    const sandbox = `joined-${process.pid}`;
    const Labels = labelsFor({ runId: 'r', stage: 's', sandbox });
    const network = await docker.createNetwork({ Name: sandbox, Labels });
    const Image = imageOf('busybox');
    const theirs = await docker.createNetwork({ Name: `theirs-${process.pid}` });
    const HostConfig = { NetworkMode: theirs.id };
    const stranger = await docker.createContainer({ Image, Cmd: ['sleep', '1000'], HostConfig });
    try {
      await stranger.start();
      await network.connect({ Container: stranger.id });
      const cleaned = await cleanUp(docker, labelOf(sandbox), { graceMs: 0 });
      assert.ok(cleaned.ok);
      assert.deepEqual(await listMade(docker, labelOf(sandbox)), []);
      assert.equal((await stranger.inspect()).State.Running, true);
    } finally {
      await stranger.remove({ force: true });
      await theirs.remove();
    }
  });
});

interface StartOptions {
  readonly keep?: boolean;
  /** Has a container that no TERM ends, and asks for others as it is killed. */
  readonly isBusy?: boolean;
}

interface StartedRun {
  readonly id: string;
  readonly sandbox: string;
  readonly process: ChildProcess;
  readonly watchdog: number;
  readonly lease: string;
  readonly scratch: string;
}

let runs = 0;

/** A process of its own that makes a container, a network and a volume, and ends on TERM. */
async function startRun(leasesDir: string, options: StartOptions): Promise<StartedRun> {
  const id = `docker-orphans-${process.pid}-${runs++}`;
  const sandbox = `sandbox-${id}`;
  const scratch = join(leasesDir, '..', `scratch-${sandbox}`);
  mkdirSync(scratch);
  const text = `
    import { connect } from ${beside('connect.ts')};
    import { labelsFor } from ${beside('labels.ts')};
    import { leaseSandbox } from ${beside('lease.ts')};
    const environment = { PATH: '', DOCKER_HOST: 'unix:///var/run/docker.sock' };
    const connected = await connect(environment);
    const { docker, endpoint } = connected.value;
    const sandbox = '${sandbox}';
    const leased = await leaseSandbox({
      leasesDir: ${JSON.stringify(leasesDir)}, runId: '${id}', sandbox, endpoint, environment,
      scratch: ${JSON.stringify(scratch)},
    });
    const labels = labelsFor({ runId: '${id}', stage: 's', sandbox, keep: ${options.keep === true} });
    const name = (what) => sandbox + '-' + what;
    await docker.createNetwork({ Name: name('net'), Labels: labels });
    await docker.createVolume({ Name: name('vol'), Labels: labels });
    const create = (task, command) => docker.createContainer({
      name: name(task), Image: ${JSON.stringify(imageOf('busybox'))}, Cmd: ['sh', '-c', command],
      Labels: { ...labels, 'continuo.task': task }, Volumes: { '/anonymous': {} },
      HostConfig: { NetworkMode: name('net'), Mounts: [{ Type: 'volume', Source: name('vol'), Target: '/v' }] },
    });
    const polite = await create('polite', 'trap exit TERM; while :; do sleep 0.1; done');
    await polite.start();
    const isBusy = ${options.isBusy === true};
    if (isBusy) await (await create('deaf', "trap '' TERM; while :; do sleep 1000; done")).start();
    process.once('SIGTERM', async () => {
      await leased.value.keep();
      process.exit();
    });
    console.log('up');
    if (isBusy)
      for (const task of ['late-1', 'late-2', 'late-3'])
        void create(task, 'sleep 1000').then((container) => container.start());
    setInterval(() => {}, 1_000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const watchdog = processTable
    .list()
    .find(
      ({ pid, parent }) => parent === child.pid && processTable.commandOf(pid).includes('watchdog'),
    )!.pid;
  const lease = join(leasesDir, `${sandbox}.docker-lease`);
  return { id, sandbox, process: child, watchdog, lease, scratch };
}

async function kill9(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function until(fact: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!fact()) {
    assert.ok(performance.now() < deadline, 'never became true');
    await delay(20);
  }
}
