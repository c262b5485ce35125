import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { labelled } from '../rig/docker-labelled.ts';
import { docker, dockerSuite, engineAddress, nothingLabelled } from '../rig/docker.ts';
import { FaultProxy } from '../rig/fault-proxy.ts';
import { freePort } from '../rig/ports.ts';

const busybox = 'image: continuo-test/busybox, commands-output: minimal';

async function runOf(place: ContainerPlace): Promise<string> {
  const [started] = await place.events();
  assert.ok(started?.type === 'run.started');
  return started.run;
}

/** The lines of a step's output as variables. */
async function variables(place: ContainerPlace, task: string): Promise<Record<string, string>> {
  const lines = (await place.output(task)).split('\n').filter((line) => line.startsWith('CIX_'));
  return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
}

dockerSuite('what a CIX step finds around it', () => {
  it('are the variables of CIX, right for its container, and its own before them', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      `version: 2.1
pipeline:
  - step: { name: db, background: true, ${busybox}, commands: [env, exec sleep 1000] }
  - step:
      name: a_step
      image: continuo-test/busybox
      commands-output: minimal
      working-dir: /opt
      workspace-mount-point: /work
      environment: [{ name: CIX_HOSTNAME, value: mine }, { name: CIX_EXECUTION_ID }]
      commands: [env, "until nc -z db 1 2>&1 | grep -q bad; do break; done"]
  - step: { name: here, commands-output: minimal, commands: [env] }
`,
      ['-l', 'files'],
    );
    assert.equal(told.code, 0, told.stdout);
    const run = await runOf(place);
    const inside = await variables(place, 'a_step');
    const network = inside['CIX_NETWORK_NAME'] ?? '';
    assert.match(network, /^cix-[0-9a-f]{8}$/);
    assert.deepEqual(
      readdirSync(join(place.dir, 'logs')).filter((name) => name.startsWith('0')),
      [`01-${network}-db.log`, `02-${network}-a_step.log`, `03-${network}-here.log`],
      'files are named as containers are',
    );
    assert.deepEqual(inside, {
      CIX_CONTAINER_NAME: `${network}-a_step`,
      CIX_STEP_NAME: 'a_step',
      CIX_WORKDIR: '/opt',
      CIX_WORKSPACE: '/work',
      CIX_TEMP: '/cix/tmp',
      CIX_EXECUTION_ID: run,
      CIX_HOSTNAME: 'mine',
      CIX_SERVER_PORT: '10030',
      CIX_NETWORK_NAME: network,
    });
    const service = await variables(place, 'db');
    assert.equal(service['CIX_CONTAINER_NAME'], `${network}-db`);
    assert.equal(service['CIX_HOSTNAME'], hostname());
    const { CIX_TEMP = '', ...outside } = await variables(place, 'here');
    assert.match(CIX_TEMP, /^\/.*\/tmp$/);
    assert.deepEqual(outside, {
      CIX_CONTAINER_NAME: '',
      CIX_STEP_NAME: 'here',
      CIX_WORKDIR: place.dir,
      CIX_WORKSPACE: place.dir,
      CIX_EXECUTION_ID: run,
      CIX_HOSTNAME: hostname(),
      CIX_SERVER_PORT: '10030',
      CIX_NETWORK_NAME: '',
    });
  });

  it('may be named in the file, wherever its variables may', async () => {
    await using place = new ContainerPlace();
    const words = ['$$CIX_STEP_NAME', '$$CIX_WORKSPACE/x', '$$CIX_TEMP', '$$CIX_NETWORK_NAME'];
    const named = `environment: [{ name: OUT, value: ${words.join(' ')} }]`;
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: words, image: continuo-test/busybox, arguments: [echo, ${words.join(', ')}] }
  - step: { name: inside, ${busybox}, hostname: h-$$CIX_SERVER_PORT, ${named}, commands: ['echo "$OUT" $(hostname)'] }
  - step: { name: here, commands-output: minimal, ${named}, commands: ['echo "$OUT"'], when: [{ operator: IS_SET, value: $$CIX_EXECUTION_ID }] }
  - step: { name: never, commands: [exit 1], when: [{ operator: NEQ, value: $$CIX_SERVER_PORT, other: 10030 }] }
`);
    assert.equal(told.code, 0, told.stdout);
    const inside = await place.output('inside');
    assert.match(inside, /^inside \/cix\/src\/x \/cix\/tmp cix-[0-9a-f]{8} h-10030\n$/);
    const alike = inside.replace('inside', 'words').replace(' h-10030', '');
    assert.equal(await place.output('words'), alike);
    const here = (await place.output('here')).split(' ');
    assert.deepEqual([here[0], here[1], here[3]], ['here', `${place.dir}/x`, '\n']);
    assert.doesNotMatch(told.stdout, /has no value/);
  });

  const sharing = `version: 2.1
pipeline:
  - step:
      name: first
      ${busybox.replace(', ', '\n      ')}
      user: nobody
      commands:
        - ls -A /cix/tmp
        - echo kept > /cix/tmp/file
        - printf '#!/bin/sh\\necho ours' > /cix/bin/tool
        - chmod +x /cix/bin/tool
  - step: { name: second, ${busybox}, user: "4711:4711", commands: [cat /cix/tmp/file, tool, touch /cix/tmp/mine] }
  - step: { name: third, image: continuo-test/no-shell, user: nobody, arguments: [busybox, cp, /cix/tmp/file, /cix/tmp/copy] }
  - step: { name: fourth, image: continuo-test/busybox, arguments: [tool] }
`;

  it('are folders that every user writes to, kept from step to step', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(sharing);
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('first'), '');
    assert.equal(await place.output('second'), 'kept\nours\n');
    assert.deepEqual(await labelled(docker, `continuo.run=${await runOf(place)}`), []);
  });

  it('are the same on an engine elsewhere, and gone from there after kill -9', async () => {
    const port = await freePort();
    // It goes last: the watchdog asks there, too.
    await using _proxy = await FaultProxy.start({ port }, engineAddress);
    await using place = new ContainerPlace();
    const environment = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
    const told = await place.exec(sharing, [], environment);
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('second'), 'kept\nours\n');
    const endless = `version: 2.1
pipeline:
  - step: { name: a, ${busybox}, commands: [echo > /cix/tmp/root, echo up, exec sleep 1000] }
`;
    writeFileSync(join(place.dir, 'endless.yaml'), endless);
    const running = place.start(['exec', 'endless.yaml'], environment);
    await running.printed(/│ up/);
    const label = `continuo.run=${await runOf(place)}`;
    const made = await labelled(docker, label);
    const kinds = made.map(({ kind }) => kind).sort();
    assert.deepEqual(kinds, ['container', 'network', 'volume', 'volume']);
    running.child.kill('SIGKILL');
    await running.told;
    await nothingLabelled(label);
  });
});
