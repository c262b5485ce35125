import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';

import { docker, dockerSuite, engineAddress, nothingLabelled } from '../../../test/rig/docker.ts';
import { cleanUp } from './cleanup.ts';
import { connect } from './connect.ts';
import { DockerExecutor } from './docker-executor.ts';
import { labelNames } from './labels.ts';
import { listMade } from './made.ts';

import type { Sandbox, Task, TaskSpec } from '../executor.ts';

const never = new AbortController().signal;
const runId = `loopback-${process.pid}`;
const ofRun = `${labelNames.run}=${runId}`;

dockerSuite('the one network of a sandbox', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'continuo-loopback-'))));
  after(async () => {
    await cleanUp(docker, ofRun, { graceMs: 0 });
    rmSync(folder, { recursive: true });
  });

  const open = async (environment = process.env, keep = false): Promise<Sandbox> => {
    const connection = await connect(environment);
    assert.ok(connection.ok);
    const executor = new DockerExecutor({
      connection: connection.value,
      environment,
      leasesDir: join(folder, 'leases'),
      scratchRoot: folder,
      keep,
    });
    const opened = await executor.open(
      {
        runId,
        stage: 'pod',
        workspace: folder,
        sharesLoopback: { names: ['web'], ports: [8000] },
      },
      never,
    );
    assert.ok(opened.ok);
    return opened.value;
  };
  const launch = async (
    sandbox: Sandbox,
    name: string,
    text: string,
    more: Partial<TaskSpec> = {},
  ): Promise<Task> => {
    const run = { kind: 'script', interpreter: ['/bin/sh'], text } as const;
    const image = 'continuo-test/busybox';
    const launched = await sandbox.launch({ name, run, environment: {}, image, ...more }, never);
    assert.ok(launched.ok, JSON.stringify(launched));
    return launched.value;
  };

  it('is published for this machine where nothing else leads to it', async () => {
    const runtime = dirname(engineAddress.socketPath);
    await using sandbox = await open({ ...process.env, XDG_RUNTIME_DIR: runtime });
    // What holds it needs no shell of an image.
    const argv = ['busybox', 'nc', '-ll', '-p', '8000', '-e', 'busybox', 'echo', 'hello'] as const;
    const more = { image: 'continuo-test/no-shell', run: { kind: 'argv', argv } } as const;
    await launch(sandbox, 'web', '', more);
    const address = sandbox.addressFromHost('web', 8000);
    assert.ok(address && address.port !== 8000);
    let said = '';
    while (said === '') {
      const socket = dial(address).on('error', () => undefined);
      socket.on('data', (data) => (said += String(data)));
      await once(socket, 'close');
    }
    assert.equal(said, 'hello\n');
  });

  it('stays with what is kept, and a way leads into it from a container that failed', async () => {
    const sandbox = await open(process.env, true);
    await launch(sandbox, 'web', 'exec sleep 1000');
    const failed = await launch(sandbox, 'test', 'exit 1');
    await failed.exited;
    await failed.output[Symbol.asyncIterator]().next();
    const ways = (await sandbox.keep?.()) ?? [];
    await sandbox[Symbol.asyncDispose]();
    const kept = await listMade(docker, ofRun);
    const holder = kept.find(({ labels }) => labelNames.holder in labels);
    assert.ok(holder);
    assert.equal((await docker.getContainer(holder.id).inspect()).State.Running, true);
    assert.equal(ways.length, 2);
    assert.match(ways[1]!, new RegExp(`^docker run -it --rm --network container:${holder.name} `));
    assert.ok((await cleanUp(docker, ofRun, { graceMs: 0 })).ok);
  });

  it('goes with its sandbox, even if nothing ran in it', async () => {
    const sandbox = await open();
    sandbox.prepare({
      name: 'never',
      run: { kind: 'argv', argv: ['true'] },
      environment: {},
      image: 'continuo-test/busybox',
    });
    await sandbox[Symbol.asyncDispose]();
    await nothingLabelled(ofRun);
  });
});
