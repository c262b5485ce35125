import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { ContainerPlace } from '../rig/container-place.ts';
import { docker, dockerSuite, engineAddress } from '../rig/docker.ts';
import { FaultProxy } from '../rig/fault-proxy.ts';
import { freePort } from '../rig/ports.ts';

dockerSuite('a container', () => {
  it('is made as its step says: hostname, limits, ports and volumes', async () => {
    await using place = new ContainerPlace();
    const [outside, udp] = [await freePort(), await freePort()];
    const volume = `continuo-test-${place.mark}`;
    for (const folder of ['shared', 'readable', 'work']) mkdirSync(join(place.dir, folder));
    writeFileSync(join(place.dir, 'readable', 'file'), 'hello\n');
    const running = place.start([
      'exec',
      place.file(
        'p.yaml',
        `version: 2.1
pipeline:
  - step:
      name: all_of.it
      image: continuo-test/busybox
      hostname: db.local
      ports: ["${outside}:80", "${udp}:53/udp", "0:5432"]
      volumes: ["./shared:/shared", "${place.dir}/readable:/readable:ro", "${volume}:/kept"]
      memory: 64m
      cpus: 0.5
      commands-output: minimal
      commands:
        - hostname
        - cat /readable/file
        - touch /readable/new 2>&1 || echo refused
        - echo made > /shared/made
        - echo asked
        - until [ -e go ]; do sleep 0.05; done
`,
      ),
      '--workspace',
      '.',
    ]);
    try {
      await running.printed(/asked/);
      const container = await place.container('all_of.it');
      assert.ok(container);
      const { Config, HostConfig, Mounts, NetworkSettings } = container;
      assert.equal(Config.Hostname, 'db.local');
      assert.deepEqual([HostConfig.Memory, HostConfig.NanoCpus], [64 * 2 ** 20, 5e8]);
      assert.equal(HostConfig.Privileged, false);
      const published = NetworkSettings.Ports;
      assert.equal(published['80/tcp']?.[0]?.HostPort, String(outside));
      assert.equal(published['53/udp']?.[0]?.HostPort, String(udp));
      assert.match(published['5432/tcp']?.[0]?.HostPort ?? '', /^[1-9]\d+$/);
      const mounts = Object.fromEntries(
        Mounts.map(({ Destination, Type, Name, Source, RW }) => [
          Destination,
          [Type as string, Name ?? Source, RW],
        ]),
      );
      assert.deepEqual(mounts['/shared'], ['bind', join(place.dir, 'shared'), true]);
      assert.deepEqual(mounts['/readable'], ['bind', join(place.dir, 'readable'), false]);
      assert.deepEqual(mounts['/kept'], ['volume', volume, true]);
      place.file('go', '');
      assert.equal((await running.told).code, 0);
      assert.match(await place.output('all_of.it'), /^db\.local\nhello\n.*\nrefused\nasked\n/);
      assert.equal(readFileSync(join(place.dir, 'shared', 'made'), 'utf8'), 'made\n');
    } finally {
      // What has a name is kept: it is the next run's cache.
      await docker.getVolume(volume).remove();
    }
  });

  it('finds in a volume with a name what the run before left there', async () => {
    await using place = new ContainerPlace();
    const volume = `continuo-test-${place.mark}`;
    const step = (command: string): string => `version: 2.1
pipeline:
  - step:
      name: a
      image: continuo-test/busybox
      volumes: ["${volume}:/cache"]
      commands-output: minimal
      commands: ["${command}"]
`;
    assert.equal((await place.exec(step('echo kept > /cache/file'))).code, 0);
    try {
      assert.equal((await place.exec(step('cat /cache/file'))).code, 0);
      assert.equal(await place.output('a'), 'kept\n');
    } finally {
      await docker.getVolume(volume).remove();
    }
  });

  it('is asked for as privileged, and a machine that refuses such is told of as one', async () => {
    await using place = new ContainerPlace();
    const socketPath = join(place.dir, 'engine.sock');
    await using proxy = await FaultProxy.start({ socketPath }, engineAddress);
    // Made, but not started before one has looked at it.
    proxy.rule({ fault: { kind: 'delay', ms: 60_000 }, when: /^POST .*\/containers\/create/ });
    const file = place.file(
      'p.yaml',
      `version: 2.1
pipeline:
  - step: { name: mighty, image: continuo-test/busybox, privileged: true, commands: [echo well] }
`,
    );
    const running = place.start(['exec', file], { DOCKER_HOST: `unix://${socketPath}` });
    let container;
    while (!(container ??= await place.container('mighty')) && !running.hasEnded) await delay(50);
    assert.equal(container?.HostConfig.Privileged, true);
    proxy.heal();
    proxy.breakConnections();
    const told = await running.told;
    if (told.code === 0) assert.match(await place.output('mighty'), /well/);
    else
      assert.match(
        told.stdout,
        /step 'mighty' could not start: this machine refuses privileged containers: /,
      );
  });

  it('cannot have a port of this machine that somebody else has, which is named', async () => {
    await using place = new ContainerPlace();
    const stranger = createServer().listen(0, '0.0.0.0');
    await once(stranger, 'listening');
    try {
      const { port } = stranger.address() as { port: number };
      const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: web, background: true, image: continuo-test/busybox, ports: ["${port}:80"], commands: [sleep 100] }
  - step: { name: test, image: continuo-test/busybox, commands: [echo never] }
`);
      assert.equal(told.code, 1);
      const ended = await place.last('service.ended', 'web');
      assert.ok(ended?.end.kind === 'port-taken' && ended.end.port === port);
      assert.match(told.stdout, new RegExp(`service 'web' cannot serve: port ${port} is taken`));
    } finally {
      stranger.close();
    }
  });

  it('cannot mount a folder that is not there, which is named, and none is made', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: a, image: continuo-test/busybox, volumes: ["./nowhere:/data"], commands: [echo never] }
`);
    assert.equal(told.code, 1);
    const missing = `its volume ./nowhere names ${place.dir}/nowhere, which is not there`;
    assert.ok(told.stdout.includes(`step 'a' could not start: ${missing}`), told.stdout);
    assert.match(told.stdout, /pipeline\.yaml:3: make it before the step begins/);
  });
});
