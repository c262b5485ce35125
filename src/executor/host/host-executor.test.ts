import assert from 'node:assert/strict';
import fs, {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { processTable } from '../common/process-table.ts';
import { HostExecutor } from './host-executor.ts';
import { readLease } from './lease.ts';

import type { Sandbox, Task, TaskSpec } from '../executor.ts';

const never = new AbortController().signal;
const isLinux = process.platform === 'linux';

describe('the host executor', () => {
  let folder: string;
  let executor: HostExecutor;
  let sandbox: Sandbox;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-host-'));
    // As the system's own folder for such: other users may pass through.
    chmodSync(folder, 0o711);
    executor = new HostExecutor({
      environment: { ...process.env, LC_TEST: 'kept', SECRET: 'not kept' },
      leasesDir: join(folder, 'leases'),
      scratchRoot: folder,
    });
    const opened = await executor.open({ runId: 'r/1', stage: 's', workspace: folder }, never);
    assert.ok(opened.ok);
    sandbox = opened.value;
  });
  after(async () => {
    await sandbox[Symbol.asyncDispose]();
    assert.deepEqual(readdirSync(folder), ['leases']);
    assert.deepEqual(readdirSync(join(folder, 'leases')), []);
    rmSync(folder, { recursive: true });
  });

  async function launch(text: string, more: Partial<TaskSpec> = {}): Promise<Task> {
    const run = { kind: 'script', interpreter: ['/bin/sh'], text } as const;
    const launched = await sandbox.launch({ name: 't', run, environment: {}, ...more }, never);
    assert.ok(launched.ok, JSON.stringify(launched));
    return launched.value;
  }

  async function print(task: Task): Promise<string> {
    let text = '';
    for await (const { bytes } of task.output) text += bytes.toString();
    await task.stop({ signal: 'KILL', graceMs: 0 });
    return text;
  }

  it('refuses what it cannot give before anything starts', () => {
    assert.equal(executor.refusal({ image: 'redis' }), 'needs Docker: it has an image');
    assert.equal(executor.refusal({}), undefined);
    assert.equal(executor.refusal({ user: userInfo().username }), undefined);
    const asOther = executor.refusal({ user: 'daemon' });
    if (userInfo().uid === 0) assert.equal(asOther, undefined);
    else assert.match(asOther!, /'daemon'/);
    assert.match(executor.refusal({ user: 'continuo-nobody' })!, /'continuo-nobody'/);
  });

  it('leaves nothing behind when a sandbox cannot be opened', async () => {
    const before = readdirSync(folder);
    const leasesDir = join(folder, 'file', 'leases');
    writeFileSync(join(folder, 'file'), '');
    const other = new HostExecutor({ environment: {}, leasesDir, scratchRoot: folder });
    const opened = await other.open({ runId: 'r', stage: 's', workspace: folder }, never);
    rmSync(join(folder, 'file'));
    assert.equal(opened.ok, false);
    assert.equal(opened.failure.kind, 'executorUnavailable');
    assert.deepEqual(readdirSync(folder), before);
  });

  it('puts its lease down before it makes what the lease names', async () => {
    const { mkdirSync } = fs;
    const leases: string[] = [];
    fs.mkdirSync = (...args: Parameters<typeof mkdirSync>) => {
      if (String(args[0]).endsWith('scripts')) leases.push(...readdirSync(join(folder, 'late')));
      return mkdirSync(...args);
    };
    syncBuiltinESMExports();
    try {
      const leasesDir = join(folder, 'late');
      const other = new HostExecutor({ environment: {}, leasesDir, scratchRoot: folder });
      const opened = await other.open({ runId: 'r', stage: 's', workspace: folder }, never);
      assert.ok(opened.ok);
      await opened.value[Symbol.asyncDispose]();
      assert.equal(leases.length, 1);
      rmSync(leasesDir, { recursive: true });
    } finally {
      fs.mkdirSync = mkdirSync;
      syncBuiltinESMExports();
    }
  });

  it('notes in its lease what was launched and what has ended', async () => {
    const leaders = (): number[] =>
      readdirSync(join(folder, 'leases')).flatMap((file) =>
        readLease(join(folder, 'leases', file))!.leaders.map(({ pid }) => pid),
      );
    const task = await launch('sleep 60');
    assert.deepEqual(
      leaders().map((pid) => `pid ${pid}`),
      [task.label],
    );
    await task.stop({ signal: 'KILL', graceMs: 0 });
    assert.deepEqual(leaders(), []);
  });

  it('ends what is being launched while it is disposed of, however far that is', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const opened = await executor.open({ runId: 'r', stage: 's', workspace: folder }, never);
      assert.ok(opened.ok);
      const spec = {
        name: 't',
        run: { kind: 'argv', argv: ['sleep', '7777'] },
        environment: {},
      } as const;
      assert.ok((await opened.value.launch(spec, never)).ok);
      const launching = opened.value.launch(spec, never);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await opened.value[Symbol.asyncDispose]();
      const left = sleepers(7_777);
      for (const pid of left) process.kill(pid);
      assert.deepEqual(left, [], `after ${turns} turns`);
      await launching;
    }
  });

  it('hands on little of the environment it was called in', async () => {
    const printed = await print(await launch('env'));
    assert.match(printed, /^LC_TEST=kept$/m);
    assert.doesNotMatch(printed, /SECRET/);
  });

  it('takes the scripts of ended tasks away', async () => {
    const task = await launch('echo $0');
    const script = (await print(task)).trim();
    assert.match(script, new RegExp(`^${folder}`));
    assert.equal(existsSync(script), false);
  });

  it('ends the output although a stranger keeps it open', { skip: !isLinux }, async () => {
    const ready = join(folder, 'ready');
    const task = await launch(`echo up; echo >'${ready}'; exec sleep 60`);
    const pid = Number(task.label.slice('pid '.length));
    while (!existsSync(ready)) await delay(1);
    rmSync(ready);
    const stranger = openSync(`/proc/${pid}/fd/1`, 'w');
    const printed = print(task);
    await task.stop({ signal: 'TERM', graceMs: 1_000 });
    assert.equal(await printed, 'up\n');
    closeSync(stranger);
  });

  it('ends what it has started when that is not wanted any more in this very moment', async () => {
    const abort = new AbortController();
    const environment = {
      get NOW() {
        abort.abort();
        return '';
      },
    };
    const run = { kind: 'argv', argv: ['sleep', '7778'] } as const;
    const launched = await sandbox.launch({ name: 't', run, environment }, abort.signal);
    assert.deepEqual(launched, { ok: false, failure: { kind: 'abandoned' } });
    assert.deepEqual(sleepers(7_778), []);
  });

  it('ends a command beside a task that was aborted just before it was listened to', async () => {
    const abort = new AbortController();
    const task = await launch('sleep 60');
    const { signal } = abort;
    // The first who listens is the last who was told nothing.
    const addEventListener = signal.addEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      abort.abort();
      addEventListener(...args);
    };
    const run = { kind: 'argv', argv: ['sleep', '7779'] } as const;
    const end = await task.exec({ run, environment: {} }, signal);
    await task.stop({ signal: 'KILL', graceMs: 0 });
    assert.deepEqual(end, { ok: false, failure: { kind: 'abandoned' } });
    assert.deepEqual(sleepers(7_779), []);
  });

  it('blames the machine when a script cannot be put down', async () => {
    const opened = await executor.open({ runId: 'full', stage: 's', workspace: folder }, never);
    assert.ok(opened.ok);
    const scratch = readdirSync(folder).find((name) => name.startsWith('continuo-full-'))!;
    rmSync(join(folder, scratch, 'scripts'), { recursive: true });
    const run = { kind: 'script', interpreter: ['/bin/sh'], text: ':' } as const;
    const launched = await opened.value.launch({ name: 't', run, environment: {} }, never);
    await opened.value[Symbol.asyncDispose]();
    assert.equal(launched.ok, false);
    assert.equal(launched.failure.kind, 'environment');
  });

  describe('as another user', { skip: userInfo().uid !== 0 || !isLinux }, () => {
    it('runs a script with that user’s ids, home and output', async () => {
      const task = await launch('id -u; id -g; echo "$USER $HOME"; echo err >/dev/stderr', {
        user: '54321:54322',
        workingDir: '/',
      });
      assert.deepEqual((await print(task)).split('\n').sort(), [
        '',
        '54321',
        '54321 /',
        '54322',
        'err',
      ]);
    });

    it('keeps its script from everybody else', async () => {
      const task = await launch('cat "$0" >/dev/null && echo mine; sleep 60', {
        user: '54321',
        workingDir: '/',
      });
      const other = await launch(
        `for dir in "${folder}"/continuo-*; do ls "$dir" "$dir/scripts-54321" 2>&1; done; cat "${folder}"/continuo-*/scripts-54321/* 2>&1`,
        { user: '54400', workingDir: '/' },
      );
      const printed = await print(other);
      assert.match(printed, /ermission denied|cannot open|No such file/);
      assert.doesNotMatch(printed, /mine/);
      const output = task.output[Symbol.asyncIterator]();
      const own = await output.next();
      assert.equal(own.done === true ? '' : String(own.value.bytes), 'mine\n');
      await task.stop({ signal: 'KILL', graceMs: 0 });
      assert.ok((await output.next()).done);
    });

    it('lets only tasks get to what they share', async () => {
      const folders = [{ name: 'kept', target: '/kept', onPath: true }];
      const spec = { runId: 'shared', stage: 's', workspace: '/', folders };
      const opened = await executor.open(spec, never);
      assert.ok(opened.ok);
      await using sharing = opened.value;
      const facts = { KEPT: { kind: 'folder', name: 'kept' } } as const;
      const run = {
        kind: 'argv',
        argv: ['sh', '-c', 'echo "$PATH"; echo hi > "$KEPT/x"'],
      } as const;
      const task = { name: 't', run, environment: {}, facts, user: '54321', workingDir: '/' };
      const launched = await sharing.launch(task, never);
      assert.ok(launched.ok);
      const [path = ''] = (await print(launched.value)).split(':');
      const read = await launch(`cat "${path}/x"; ls "${folder}"/continuo-shared-*/*`, {
        user: '54400',
        workingDir: '/',
      });
      // Whoever knows the way is let through, but nobody can find it.
      assert.match(await print(read), /^hi\n.*(ermission denied|No such file)/s);
    });

    it('refuses a user who could not get to the script', async () => {
      const scratchRoot = join(folder, 'private');
      mkdirSync(scratchRoot, { mode: 0o700 });
      const other = new HostExecutor({
        environment: process.env,
        leasesDir: join(folder, 'leases'),
        scratchRoot,
      });
      const opened = await other.open({ runId: 'p', stage: 's', workspace: '/' }, never);
      assert.ok(opened.ok);
      const run = { kind: 'script', interpreter: ['/bin/sh'], text: ':' } as const;
      const spec = { name: 't', run, environment: {}, user: '54321' };
      const launched = await opened.value.launch(spec, never);
      await opened.value[Symbol.asyncDispose]();
      rmSync(scratchRoot, { recursive: true });
      assert.equal(launched.ok, false);
      assert.ok(launched.failure.kind === 'refused');
      assert.match(
        launched.failure.detail,
        new RegExp(`'54321' may not pass through ${scratchRoot}`),
      );
    });

    it('refuses a user that does not exist before anything starts', () => {
      assert.equal(
        executor.refusal({ user: 'continuo-nobody' }),
        "wants to run as the user 'continuo-nobody': there is no user 'continuo-nobody' on this machine",
      );
    });

    it('tells of a user that does not exist', async () => {
      const run = { kind: 'argv', argv: ['true'] } as const;
      const spec = { name: 't', run, environment: {}, user: 'continuo-nobody' };
      const launched = await sandbox.launch(spec, never);
      assert.equal(launched.ok, false);
      assert.equal(launched.failure.kind, 'refused');
    });
  });
});

const sleepers = (seconds: number): number[] =>
  processTable
    .list()
    .map(({ pid }) => pid)
    .filter((pid) => processTable.commandOf(pid) === `sleep ${seconds}`);
