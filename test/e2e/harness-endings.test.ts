import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { imageOf } from '../images/images.ts';
import { docker, dockerSuite } from '../rig/docker.ts';
import { command, harnessRun, harnessStage, harnessStep, inImage } from '../rig/harness-stage.ts';
import { freePorts } from '../rig/real.ts';

const busybox = inImage('busybox');

const inContainer = (id: string, script: string, spec = ''): string =>
  harnessStep('Background', id, `${busybox}\n${spec}\nshell: Sh\n${command(script)}`);

/** A container of somebody else's that has a port of this machine. */
async function publishing(port: number): Promise<AsyncDisposable & { readonly name: string }> {
  const name = `stranger-${port}`;
  const container = await docker.createContainer({
    name,
    Image: imageOf('busybox'),
    Cmd: ['sleep', '60'],
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PortBindings: { '80/tcp': [{ HostPort: String(port) }] } },
  });
  const stranger = {
    name,
    [Symbol.asyncDispose]: () => container.remove({ force: true }) as Promise<void>,
  };
  await container.start();
  return stranger;
}

dockerSuite('a Harness service on Docker that does not last', () => {
  it('001-28, 001-29, 001-65, 001-72: is green with a warning, and fails the run with --strict', async () => {
    await using place = new ContainerPlace();
    const stage = harnessStage(
      [
        harnessStep('Background', 'unknown', `${busybox}\nentrypoint: [no-such-program, "1"]`),
        harnessStep('Background', 'shell', `${busybox}\nshell: Python\ncommand: print(1)`),
        inContainer('wrong', 'echo these are its last words\nexit 3', 'ready: { log: never }'),
        inContainer('right', 'echo done', 'ready: { log: done }'),
        inContainer(
          'greedy',
          `dd if=/dev/zero of=/dev/null bs=200M count=1`,
          'ready: { log: never }\nresources: { limits: { memory: 16Mi } }',
        ),
        // What is ready by its last word has not ended by then, and would be stopped.
        harnessRun(
          'after',
          `until grep -qa '"service.ended","service":"build.right"' ${place.stateDir}/runs/*/journal
do sleep 0.05
done
echo went on`,
        ),
      ].join('\n'),
    );
    const told = await place.exec(stage);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal(await place.output('build.after'), 'went on\n');
    assert.deepEqual(await place.ends(), {
      'build.unknown': 'start-error',
      'build.shell': 'start-error',
      'build.wrong': 'exited-early',
      'build.right': 'completed',
      'build.greedy': 'out-of-memory',
      'build.after': 'succeeded',
    });
    for (const said of [
      /unknown +! could not start: command 'no-such-program' was not found; the run goes on/,
      /shell +! could not start: command 'python3' was not found; the run goes on/,
      /wrong +! ended with exit code 3 after [^\n]*, before it was ready; the run goes on/,
      /greedy +! was killed because memory ran out; the run goes on/,
      /\n! service 'wrong' ended [^\n]*\n +service 'wrong' said:\n +│ these are its last words\n/,
      /✓ succeeded [^\n]*although service/,
    ])
      assert.match(told.stdout, said);
    const strictly = await place.exec(stage, ['--strict']);
    assert.equal(strictly.code, 1, strictly.stdout);
    assert.notEqual((await place.ends())['build.after'], 'succeeded');
  });

  it('001-54: fails its stage when its image cannot be had, and what comes after it is skipped', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      harnessStage(
        [
          harnessStep('Background', 'db', 'image: continuo-test/none\nimagePullPolicy: Never'),
          harnessRun('after', 'echo went on'),
          harnessRun('tidy', 'echo tidied', '', 'when: { stageStatus: All }'),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 1, told.stdout);
    assert.deepEqual(await place.ends(), {
      'build.db': 'image',
      'build.after': 'skipped',
      'build.tidy': 'succeeded',
    });
    assert.match(told.stdout, /✗ failed [^\n]*'db' could not get its image continuo-test\/none/);
  });

  it('001-57: whose port of this machine is taken says who has it', async () => {
    await using place = new ContainerPlace();
    const [port, other] = await freePorts();
    await using stranger = await publishing(other);
    const told = await place.exec(
      harnessStage(
        [
          harnessStep(
            'Background',
            'first',
            `shell: Python
${command(`import http.server as http
server = http.ThreadingHTTPServer(('', ${port}), http.SimpleHTTPRequestHandler)
print('listening', flush=True)
server.serve_forever()`)}
ready: { log: listening }`,
          ),
          harnessRun('between', 'true'),
          inContainer('second', 'sleep 60', `portBindings: { "${port}": "80" }`),
          inContainer('third', 'sleep 60', `portBindings: { "${other}": "80" }`),
          harnessRun('after', 'echo went on'),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    for (const said of [
      `second +! [^\\n]*port ${port} is taken by [^\\n]*python[^\\n]* \\(pid \\d+\\);`,
      `third +! [^\\n]*port ${other} is taken by container ${stranger.name};`,
    ])
      assert.match(told.stdout, new RegExp(said));
  });

  it('001-43, 001-64, 001-66, 001-67: has the rights, the user and the limits of its step', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      harnessStage(
        [
          inContainer(
            'limited',
            `cd /sys/fs/cgroup
memory=$(cat memory.max 2>&- || cat memory/memory.limit_in_bytes)
cpu=$(cat cpu.max 2>&- || cat cpu/cpu.cfs_quota_us)
echo "$(id -u) $memory \${cpu%% *}"
sleep 60`,
            `runAsUser: "4711"
resources: { limits: { memory: 32Mi, cpu: 250m } }
ready: { log: ^4711 }`,
          ),
          // Where the machine of the tests refuses it, it is told so.
          inContainer(
            'mighty',
            'mount -t tmpfs none /mnt && echo mounted\nsleep 60',
            'privileged: true\nready: { log: mounted }',
          ),
          harnessRun('after', 'true'),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const { 'build.mighty': mighty, ...others } = await place.ends();
    assert.deepEqual(others, { 'build.after': 'succeeded', 'build.limited': 'stopped' });
    if (mighty !== 'stopped')
      assert.match(told.stdout, /mighty +! could not start: this machine refuses privileged/);
    assert.match(await place.output('build.limited'), /^4711 33554432 25000\n/);
  });
});
