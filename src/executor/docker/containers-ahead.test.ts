import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';

import { collect, firstLine, text, until } from '../../../test/contract/watching.ts';
import { imageOf } from '../../../test/images/images.ts';
import { docker, dockerSuite } from '../../../test/rig/docker.ts';
import { cleanUp } from './cleanup.ts';
import { connect } from './connect.ts';
import { DockerExecutor } from './docker-executor.ts';
import { labelNames } from './labels.ts';

import type { Sandbox, Task, TaskSpec } from '../executor.ts';

const never = new AbortController().signal;
const runId = `ahead-${process.pid}`;
const ofRun = `${labelNames.run}=${runId}`;

dockerSuite('a container that is made before its turn', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'continuo-ahead-'))));
  after(async () => {
    await cleanUp(docker, ofRun, { graceMs: 0 });
    rmSync(folder, { recursive: true });
  });

  const open = async (): Promise<Sandbox> => {
    const connection = await connect(process.env);
    assert.ok(connection.ok);
    const executor = new DockerExecutor({
      connection: connection.value,
      environment: process.env,
      leasesDir: join(folder, 'leases'),
      scratchRoot: folder,
    });
    const opened = await executor.open({ runId, stage: 'ahead', workspace: folder }, never);
    assert.ok(opened.ok);
    return opened.value;
  };
  const spec = (name: string, lines: string, more: Partial<TaskSpec> = {}): TaskSpec => ({
    name,
    run: { kind: 'script', interpreter: ['/bin/sh'], text: `${lines}\n` },
    environment: {},
    image: imageOf('busybox'),
    ...more,
  });
  /** The ids of the containers of a task that run. */
  const running = async (task: string): Promise<string[]> => {
    const label = [ofRun, `${labelNames.task}=${task}`];
    return (await docker.listContainers({ filters: { label } })).map(({ Id }) => Id);
  };
  const held = (task: string): Promise<void> => until(async () => (await running(task)).length > 0);
  const launch = async (sandbox: Sandbox, asked: TaskSpec): Promise<Task> => {
    const launched = await sandbox.launch(asked, never);
    assert.ok(launched.ok, JSON.stringify(launched));
    return launched.value;
  };
  const said = async (sandbox: Sandbox, asked: TaskSpec): Promise<string> =>
    text(await collect(await launch(sandbox, asked)));

  it('becomes its task when nothing has changed', async () => {
    await using sandbox = await open();
    const asked = spec('plain', 'echo up; exec sleep 1000');
    sandbox.prepare(asked);
    await held('plain');
    const made = await running('plain');
    await firstLine(collect(await launch(sandbox, asked)));
    assert.deepEqual(await running('plain'), made);
  });

  it('is not taken when its name stands for another image by then', async () => {
    const repo = `${runId}-rebuilt`;
    const image = `${repo}:1`;
    await docker.getImage(imageOf('busybox')).tag({ repo, tag: '1' });
    after(() => docker.getImage(image).remove());
    await using sandbox = await open();
    const asked = spec('rebuilt', 'id -un', { image });
    sandbox.prepare(asked);
    await held('rebuilt');
    await docker.getImage(imageOf('user')).tag({ repo, tag: '1' });
    assert.equal(await said(sandbox, asked), 'app\n');
  });
});
