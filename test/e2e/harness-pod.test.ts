import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { dockerSuite } from '../rig/docker.ts';
import {
  command,
  harnessRun,
  harnessStage,
  harnessStep,
  inImage,
  inPod,
} from '../rig/harness-stage.ts';

const busybox = inImage('busybox');
const inDocker = ['--executor', 'docker'];

const service = (id: string, script: string, spec: string): string =>
  harnessStep('Background', id, `${busybox}\n${spec}\nshell: Sh\n${command(script)}`);

dockerSuite('a Harness pod as containers', () => {
  it('001-14, 001-15, 001-58, 001-60, 001-61: is one `localhost`, of a service that listens on it alone, too', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      harnessStage(
        [
          service(
            'web',
            'mkdir /www; echo hello > /www/index.html\nsleep 1; exec httpd -f -h /www -p 127.0.0.1:7001',
            'ready: { tcp: 7001 }',
          ),
          harnessRun(
            'ask',
            `for host in 127.0.0.1 localhost web $CONTINUO_WEB_HOST; do wget -qO- http://$host:7001/; done`,
            busybox,
          ),
          service(
            'deaf',
            'httpd -f -p 127.0.0.1:7002',
            'ready: { http: "http://localhost:7002/", timeout: 2s }',
          ),
          harnessRun('after', 'echo went on', busybox),
        ].join('\n'),
        { runs: inPod },
      ),
      inDocker,
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal(await place.output('build.ask'), 'hello\n'.repeat(4));
    assert.match(told.stdout, /deaf +! was not ready[^\n]* it listens on its loopback alone/);
  });

  it('001-22, 001-63: publishes no ports, and wants an image of every step, before anything starts', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      harnessStage(
        [
          service('web', 'sleep 60', 'portBindings: { "8080": "80" }'),
          harnessRun('here', 'true'),
        ].join('\n'),
        { runs: inPod },
      ),
      inDocker,
    );
    assert.equal(told.code, 2, told.stdout);
    assert.match(told.stderr, /portBindings/);
    assert.match(told.stderr, /step 'here'[^\n]*image/);
    assert.equal(told.stdout, '');
  });
});
