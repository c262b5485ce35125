import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';

import { labelled } from '../rig/docker-labelled.ts';
import { ContainerPlace } from '../rig/container-place.ts';
import { docker, dockerSuite } from '../rig/docker.ts';

const execute = promisify(execFile);
const busybox = 'image: continuo-test/busybox';

dockerSuite('exec --keep', () => {
  it('leaves a failed run up and tells the ways in, until clean removes it all', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      `version: 2.1
pipeline:
  - step: { name: db, background: true, ${busybox}, commands: [echo secret > /tmp/found, exec nc -ll -p 8000 -e cat /tmp/found], ready: {tcp: 8000} }
  - step: { name: well, ${busybox}, commands: ["true"] }
  - step: { name: test, ${busybox}, commands: ["false"] }
`,
      ['--keep'],
    );
    assert.equal(told.code, 1);
    const kept = await ofRun(place);
    assert.deepEqual(kept.map(({ kind, labels }) => labels['continuo.task'] ?? kind).sort(), [
      'db',
      'network',
      'test',
      'volume',
      'volume',
    ]);
    const [intoDb, besideTest] = told.stdout.match(/docker (exec|run) .*/g) ?? [];
    assert.equal(await saidInside(intoDb!, 'cat /tmp/found'), 'secret\n');
    assert.equal(
      await saidInside(besideTest!, 'nc db 8000 </dev/null; pwd; ls /cix/src'),
      'secret\n/\npipeline.yaml\nstate\n',
    );
    const scratch = dirname(
      (await place.container('db'))!.Mounts.find(({ Destination }) => Destination === '/continuo')!
        .Source,
    );
    assert.ok(existsSync(scratch));

    // The next run is none of its business.
    const next = await place.continuo(['exec', place.file('next.yaml', plain)]);
    assert.equal(next.code, 0, next.stderr);
    assert.equal(
      (
        await docker
          .getContainer(kept.find(({ labels }) => labels['continuo.task'] === 'db')!.id)
          .inspect()
      ).State.Running,
      true,
    );

    const [, run] = /run (\S+), all output/.exec(told.stdout)!;
    const cleaned = await place.continuo(['clean', run!]);
    assert.match(
      cleaned.stdout,
      new RegExp(`^removed what run ${run} had kept: 2 containers .*, 1 network`),
    );
    assert.ok(!existsSync(scratch));
    assert.deepEqual(readdirSync(`${place.stateDir}/leases`), []);
  });

  it('keeps nothing of a run that succeeded, or was cancelled', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(plain, ['--keep']);
    assert.equal(told.code, 0);
    assert.deepEqual(await ofRun(place), []);
    const endless = `version: 2.1
pipeline:
  - step: { name: a, ${busybox}, commands: [echo up, exec sleep 1000] }
`;
    const running = place.start(['exec', '--keep', place.file('endless.yaml', endless)]);
    await running.printed(/│ up/);
    running.child.kill('SIGINT');
    assert.equal((await running.told).code, 130);
    assert.deepEqual(await ofRun(place), []);
  });
});

dockerSuite('exec --executor', () => {
  const mixed = `version: 2.1
pipeline:
  - step: { name: inside, ${busybox}, commands: [touch inside] }
  - step: { name: outside, commands: [touch outside] }
`;

  it('names the steps that cannot run there, before anything starts', async () => {
    await using place = new ContainerPlace();
    for (const [executor, step] of [
      ['docker', 'outside'],
      ['host', 'inside'],
    ] as const) {
      const told = await place.exec(mixed, ['--executor', executor]);
      assert.equal(told.code, 3);
      assert.match(
        told.stderr,
        new RegExp(`pipeline\\.yaml:\\d+:\\d+ +error +step '${step}' (has no|needs Docker)`),
      );
      assert.ok(!existsSync(join(place.dir, step)));
    }
  });

  it('asks no engine where no step needs one', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      `version: 2.1
pipeline:
  - step: { name: outside, commands: [echo well] }
`,
      [],
      nowhere,
    );
    assert.equal(told.code, 0, told.stderr);
  });

  it('fails with a sentence and exit code 3 where no engine answers, with nothing started', async () => {
    await using place = new ContainerPlace();
    const scratch = join(place.dir, 'scratch');
    mkdirSync(scratch);
    const told = await place.exec(mixed, [], { ...nowhere, TMPDIR: scratch });
    assert.equal(told.code, 3);
    assert.match(
      told.stderr,
      /no Docker engine answers at unix:\/\/\/none\/docker\.sock.*\n.*DOCKER_HOST/,
    );
    assert.equal(told.stdout, '');
    assert.deepEqual(readdirSync(scratch), []);
    assert.ok(!existsSync(`${place.dir}/outside`));
  });
});

const nowhere = { DOCKER_HOST: 'unix:///none/docker.sock' };

const plain = `version: 2.1
pipeline:
  - step: { name: a, ${busybox}, commands: [echo well] }
`;

/** What is on the engine of the latest run. */
async function ofRun(place: ContainerPlace): ReturnType<typeof labelled> {
  const [first] = await place.events();
  assert.ok(first?.type === 'run.started');
  return labelled(docker, `continuo.run=${first.run}`);
}

/** Types a line into what a way in leads to, and answers what is said there. */
async function saidInside(wayIn: string, line: string): Promise<string> {
  const running = execute('sh', ['-c', wayIn.replace(' -it ', ' -i ')], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  running.child.stdin!.end(`${line}\n`);
  return (await running).stdout;
}
