import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { imageOf } from '../../../test/images/images.ts';
import { docker, dockerSuite, engineAddress } from '../../../test/rig/docker.ts';
import { FaultProxy } from '../../../test/rig/fault-proxy.ts';
import { cleanUp } from './cleanup.ts';
import { clientFor } from './connect.ts';
import { labelOf, labelsFor } from './labels.ts';
import { listMade } from './made.ts';

dockerSuite('cleaning up', () => {
  let sandboxes = 0;
  const named = () => {
    const sandbox = `cleaning-${process.pid}-${sandboxes++}`;
    return { sandbox, Labels: labelsFor({ runId: 'r', stage: 's', sandbox }) };
  };

  it('takes along what is made and started meanwhile', async () => {
    const { sandbox, Labels } = named();
    const network = await docker.createNetwork({ Name: sandbox, Labels });
    const HostConfig = { NetworkMode: network.id };
    const Image = imageOf('busybox');
    const starting = Array.from({ length: 4 }, async (_, n) => {
      const name = `${sandbox}-${n}`;
      const options = { name, Image, Labels, HostConfig, Cmd: ['sleep', '1000'] };
      await (await docker.createContainer(options)).start();
    });
    await starting[0];
    const cleaned = await cleanUp(docker, labelOf(sandbox), { graceMs: 0, quietMs: 2_000 });
    await Promise.allSettled(starting);
    assert.ok(cleaned.ok);
    assert.ok(cleaned.value.length >= 2);
    assert.deepEqual(await listMade(docker, labelOf(sandbox)), []);
  });

  it('removes containers before it asks what else there is, which may be long in coming', async () => {
    const { sandbox, Labels } = named();
    await docker.createNetwork({ Name: sandbox, Labels });
    await docker.createContainer({ Image: imageOf('busybox'), Labels, Cmd: ['true'] });
    const folder = mkdtempSync(join(tmpdir(), 'continuo-cleaning-'));
    const socketPath = join(folder, 'proxy');
    try {
      await using proxy = await FaultProxy.start({ socketPath }, engineAddress);
      const client = clientFor({ kind: 'socket', path: socketPath });
      assert.ok((await cleanUp(client, labelOf(sandbox), { graceMs: 0 })).ok);
      const first = (pattern: RegExp): number =>
        proxy.requests.findIndex((request) => pattern.test(request));
      assert.ok(first(/^DELETE \S*\/containers\//) < first(/^GET \S*\/networks\b/));
      assert.deepEqual(await listMade(docker, labelOf(sandbox)), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is done when two do it, and when there is nothing', async () => {
    const { sandbox, Labels } = named();
    await docker.createVolume({ Name: sandbox, Labels });
    const both = [0, 1].map(() => cleanUp(docker, labelOf(sandbox), { graceMs: 0 }));
    assert.deepEqual(
      (await Promise.all(both)).map(({ ok }) => ok),
      [true, true],
    );
    assert.deepEqual(await cleanUp(docker, labelOf(sandbox), { graceMs: 0 }), {
      ok: true,
      value: [],
    });
  });

  it('ends what holds the network of others when these have ended', async () => {
    const { sandbox, Labels } = named();
    const folder = mkdtempSync(join(tmpdir(), 'continuo-cleaning-'));
    const Image = imageOf('busybox');
    const holder = await docker.createContainer({
      Image,
      Labels: { ...Labels, ...labelsFor({ runId: 'r', stage: 's', sandbox, isHolder: true }) },
      StopSignal: 'SIGKILL',
      Cmd: ['sleep', '1000'],
    });
    await holder.start();
    const said =
      'trap "ip -o addr show eth0 >/out/said; exit" TERM; touch /out/up; sleep 1000 & wait';
    const other = await docker.createContainer({
      Image,
      Labels,
      Cmd: ['sh', '-c', said],
      HostConfig: { NetworkMode: `container:${holder.id}`, Binds: [`${folder}:/out`] },
    });
    await other.start();
    try {
      while (!existsSync(join(folder, 'up'))) await delay(20);
      const cleaned = await cleanUp(docker, labelOf(sandbox), { graceMs: 5_000 });
      assert.ok(cleaned.ok);
      assert.match(readFileSync(join(folder, 'said'), 'utf8'), / eth0 /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('gives up what somebody else still uses', async () => {
    const { sandbox, Labels } = named();
    await docker.createVolume({ Name: sandbox, Labels });
    const stranger = await docker.createContainer({
      Image: imageOf('busybox'),
      HostConfig: { Mounts: [{ Type: 'volume', Source: sandbox, Target: '/v' }] },
    });
    try {
      const how = { graceMs: 0, patienceMs: 200 };
      const cleaned = await cleanUp(docker, labelOf(sandbox), how);
      assert.ok(!cleaned.ok);
      assert.match(cleaned.failure, /volume is in use/);
    } finally {
      await stranger.remove();
      await docker.getVolume(sandbox).remove();
    }
  });

  it('soon gives up a network that the engine has miscounted, and nothing else', async () => {
    const { sandbox, Labels } = named();
    const network = await docker.createNetwork({ Name: sandbox, Labels });
    const folder = mkdtempSync(join(tmpdir(), 'continuo-cleaning-'));
    const socketPath = join(folder, 'proxy');
    try {
      await using proxy = await FaultProxy.start({ socketPath }, engineAddress);
      const body = JSON.stringify({ message: `network ${sandbox} has active endpoints` });
      const when = /^DELETE \S*\/networks\//;
      proxy.rule({ fault: { kind: 'answer', status: 403, body }, when });
      const client = clientFor({ kind: 'socket', path: socketPath });
      // With no patience of its own that would end before the hard limit of the test.
      const how = { graceMs: 0, patienceMs: 3_600_000 };
      const cleaned = await cleanUp(client, labelOf(sandbox), how);
      assert.ok(!cleaned.ok);
      assert.match(cleaned.failure, /has active endpoints, but names none: a restart/);
    } finally {
      rmSync(folder, { recursive: true });
      await network.remove();
    }
  });

  it('gives up an engine that does not answer', async () => {
    const nobody = clientFor({ kind: 'socket', path: '/none/docker.sock' });
    const cleaned = await cleanUp(nobody, labelOf('x'), { graceMs: 0, patienceMs: 200 });
    assert.ok(!cleaned.ok);
    assert.match(cleaned.failure, /ENOENT/);
  });
});
