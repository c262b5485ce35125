import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { ownGroup } from '../common/own-group.ts';
import { processTable } from '../common/process-table.ts';
import { removeGroup } from './control-group.ts';

import type { Exit, Stopped } from '../executor.ts';
import type { HostOptions } from './host-executor.ts';

const run = promisify(execFile);
const nobody = 65_534;
const setpriv = '/usr/bin/setpriv';
const canTry = userInfo().uid === 0 && process.platform === 'linux' && existsSync(setpriv);

/** As `sudo sleep &` in a step of somebody who may signal none of root's processes. */
describe('a process that we may not signal', { skip: !canTry }, () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-foreign-'));
    chmodSync(folder, 0o711);
    mkdirSync(join(folder, 'nobody'));
    chownSync(join(folder, 'nobody'), nobody, nobody);
    // Becomes root for whoever executes it.
    copyFileSync(setpriv, join(folder, 'sudo'));
    chmodSync(join(folder, 'sudo'), 0o4755);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is left and named after some seconds', async () => {
    const { stopped, exit } = await stopAsNobody(folder, 'processTable', '/proc/self', (sudo) => [
      `${sudo} sleep 1234567 & wait`,
    ]);
    assert.deepEqual(
      stopped.survivors?.map(({ command }) => command),
      ['sleep 1234567'],
    );
    assert.deepEqual(exit, { kind: 'signal', signal: 'TERM' });
    for (const { pid } of stopped.survivors ?? []) process.kill(pid, 'SIGKILL');
  });

  it('may be the launched process itself, which is lost then', async () => {
    const { stopped, exit } = await stopAsNobody(folder, 'processTable', '/proc/self', (sudo) => [
      `exec ${sudo} sleep 1234568`,
    ]);
    assert.equal(stopped.survivors?.length, 1);
    assert.equal(exit.kind, 'lost');
    for (const { pid } of stopped.survivors) process.kill(pid, 'SIGKILL');
  });

  it('is ended by its control group where there is one', async (test) => {
    const group = delegatedGroup();
    if (group === undefined) {
      test.skip('no control group can be made here');
      return;
    }
    try {
      const { stopped } = await stopAsNobody(folder, 'auto', group, (sudo) => [
        `${sudo} sleep 1234569 & wait`,
      ]);
      assert.equal(stopped.survivors, undefined);
      assert.deepEqual(sleepers(1_234_569), []);
    } finally {
      for (const pid of sleepers(1_234_569)) process.kill(pid, 'SIGKILL');
      removeGroup(group);
    }
  });
});

/** A group that belongs to nobody, with a `cgroup.kill`. */
function delegatedGroup(): string | undefined {
  const own = ownGroup();
  if (own === undefined) return undefined;
  const group = join(own, `continuo-test-${process.pid}`);
  try {
    mkdirSync(group);
    chownSync(group, nobody, nobody);
    chownSync(join(group, 'cgroup.procs'), nobody, nobody);
  } catch {
    return undefined;
  }
  if (existsSync(join(group, 'cgroup.kill'))) return group;
  removeGroup(group);
  return undefined;
}

/** What a stop comes to when Continuo is run by nobody, in that control group. */
async function stopAsNobody(
  folder: string,
  trees: HostOptions['trees'],
  group: string,
  script: (sudo: string) => string[],
): Promise<{ stopped: Stopped; exit: Exit }> {
  const sudo = `${join(folder, 'sudo')} --reuid=0 --regid=0 --clear-groups`;
  const mine = join(folder, 'nobody');
  const options = {
    environment: { PATH: process.env['PATH'] },
    leasesDir: join(mine, 'leases'),
    scratchRoot: mine,
    trees,
  };
  const text = `
    import { setTimeout as delay } from 'node:timers/promises';
    import { HostExecutor } from ${JSON.stringify(join(import.meta.dirname, 'host-executor.ts'))};
    import { processTable } from ${JSON.stringify(join(import.meta.dirname, '../common/process-table.ts'))};
    const never = new AbortController().signal;
    const executor = new HostExecutor(${JSON.stringify(options)});
    const opened = await executor.open({ runId: 'r', stage: 's', workspace: '/' }, never);
    const run = { kind: 'script', interpreter: ['/bin/sh'], text: ${JSON.stringify(script(sudo).join('\n'))} };
    const { value: task } = await opened.value.launch({ name: 't', run, environment: {} }, never);
    const isRoots = ({ pid }) => processTable.commandOf(pid).startsWith('sleep 12345');
    while (!processTable.list().some(isRoots)) await delay(5);
    const stopped = await task.stop({ signal: 'TERM', graceMs: 100 });
    const exit = await task.exited;
    await opened.value[Symbol.asyncDispose]();
    console.log(JSON.stringify({ stopped, exit }));
  `;
  const become = `[ ! -f "$1/cgroup.kill" ] || echo $$ >"$1/cgroup.procs"; shift; exec "$@"`;
  const asNobody = [setpriv, `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  const node = [process.execPath, '--input-type=module', '-e', text];
  const { stdout } = await run('sh', ['-c', become, 'sh', group, ...asNobody, ...node], {
    cwd: '/',
    timeout: 30_000,
  });
  return JSON.parse(stdout) as { stopped: Stopped; exit: Exit };
}

const sleepers = (seconds: number): number[] =>
  processTable
    .list()
    .map(({ pid }) => pid)
    .filter((pid) => processTable.commandOf(pid) === `sleep ${seconds}`);
