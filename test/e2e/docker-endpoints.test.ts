import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { dockerSuite, engineAddress } from '../rig/docker.ts';
import { freePort } from '../rig/ports.ts';
import { noSshServer, startSshServer } from '../rig/ssh-server.ts';
import { openTlsDoor } from '../rig/tls-door.ts';

const yaml = `version: 2.1
pipeline:
  - step:
      name: late
      image: continuo-test/busybox
      background: true
      commands-output: minimal
      commands: ["sleep 2; exec httpd -f -h /etc -p 8080"]
      ready: {tcp: 8080}
  - step:
      name: hello
      image: continuo-test/busybox
      commands-output: minimal
      commands: ["seq 1000; wget -q -O /dev/null http://late:8080/passwd; echo here >&2"]
`;
const printed = Array.from({ length: 1000 }, (_, n) => `${n + 1}\n`).join('');

dockerSuite('an engine elsewhere', () => {
  it('is spoken to by TLS, by whom it knows', async () => {
    await using place = new ContainerPlace();
    const port = await freePort();
    await using _door = await openTlsDoor(place.dir, port, engineAddress.socketPath);
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1' };
    const told = await place.exec(yaml, [], { ...env, DOCKER_CERT_PATH: place.dir });
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal((await place.output('hello')).replace('here\n', ''), printed);
    assert.doesNotMatch(told.stderr, /Deprecation/);
    // The engine's own proxy accepts connections before anybody listens in the container.
    const ready = await place.last('service.ready', 'late');
    assert.ok(ready && ready.afterMs >= 1_500);
    const stranger = await place.continuo(['exec', 'pipeline.yaml'], env);
    assert.equal(stranger.code, 3);
    assert.match(stranger.stderr, /no Docker engine answers at tcp:\S+: .*certificate/);
  });

  it('is spoken to by ssh, if that knows it', { skip: noSshServer }, async () => {
    await using place = new ContainerPlace();
    const port = await freePort();
    await using server = await startSshServer(place.dir, port);
    const PATH = `${server.bin}:${process.env['PATH']}`;
    const told = await place.exec(yaml, [], { DOCKER_HOST: 'ssh://engine', PATH });
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal((await place.output('hello')).replace('here\n', ''), printed);
    assert.doesNotMatch(told.stderr, /Deprecation/);
    const unknown = { DOCKER_HOST: `ssh://127.0.0.1:${port}`, PATH };
    const stranger = await place.continuo(['exec', 'pipeline.yaml'], unknown);
    assert.equal(stranger.code, 3);
    assert.match(
      stranger.stderr,
      /no Docker engine answers at ssh:\S+: ssh: .*verification failed/s,
    );
  });
});
