import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';

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
  let workspace: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'continuo-ahead-'))));
  beforeEach(() => (workspace = mkdtempSync(join(folder, 'workspace-'))));
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
    const opened = await executor.open({ runId, stage: 'ahead', workspace }, never);
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

  describe('has what is there when its turn comes:', () => {
    const below = (name: string): string => join(workspace, name);
    const file = (name: string, content: string): void => {
      mkdirSync(dirname(below(name)), { recursive: true });
      writeFileSync(below(`${name}.part`), content);
      renameSync(below(`${name}.part`), below(name));
    };
    const volume = (source: string): Partial<TaskSpec> => ({
      container: { volumes: [{ source, target: '/given', readOnly: false }] },
    });
    const cases: Record<
      string,
      { more: Partial<TaskSpec>; look: string; before: () => void; then: () => void }
    > = {
      'a file that was written anew': {
        more: volume('./conf'),
        look: 'cat /given',
        before: () => file('conf', 'old'),
        then: () => file('conf', 'new'),
      },
      'a folder that was made anew': {
        more: volume('./out'),
        look: 'cat /given/one',
        before: () => file('out/one', 'old'),
        then: () => {
          rmSync(below('out'), { recursive: true });
          file('out/one', 'new');
        },
      },
      'its working directory, made anew': {
        more: { workingDir: 'dist' },
        look: 'cat one',
        before: () => file('dist/one', 'old'),
        then: () => {
          rmSync(below('dist'), { recursive: true });
          file('dist/one', 'new');
        },
      },
      'its working directory, made by nobody before': {
        more: { workingDir: '/workspace/later' },
        look: 'cat one',
        before: () => undefined,
        then: () => {
          assert.ok(!existsSync(below('later')));
          file('later/one', 'new');
        },
      },
    };
    for (const [what, { more, look, before: prepareFiles, then }] of Object.entries(cases))
      it(what, async () => {
        prepareFiles();
        await using sandbox = await open();
        const asked = spec('asked', look, more);
        sandbox.prepare(asked);
        // As long as another takes, which is made beside it, from its beginning to its end.
        const beside = spec('beside', 'true');
        sandbox.prepare(beside);
        await said(sandbox, beside);
        then();
        assert.equal(await said(sandbox, asked), 'new');
      });
  });
});
