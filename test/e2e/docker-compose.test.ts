import assert from 'node:assert/strict';

import { ContainerPlace } from '../rig/container-place.ts';
import { docker, dockerSuite, nothingLabelled } from '../rig/docker.ts';
import { freePort } from '../rig/ports.ts';
import { realTests } from '../rig/real.ts';

const test = realTests('docker-compose', ['docker-compose']);

/** As the reference has it. */
const stack = (port: number): string => `version: 2.1
pipeline:
  - step:
      name: stack
      background: true
      commands:
        - trap 'docker-compose down --volumes' EXIT
        - trap ':' TERM
        - docker-compose up
      ready: [{http: "http://localhost:${port}/"}, {log: asks_1.*hello from compose}]
      stop: {grace: 30s}
      environment: [{name: DOCKER_HOST, default: ''}, {name: COMPOSE_PROJECT_NAME}]
`;

const composed = (port: number): string => `version: "3"
services:
  web:
    image: continuo-test/busybox
    init: true
    command: sh -c 'echo hello from compose > index.html; httpd -f -p 80'
    ports: ["${port}:80"]
    volumes: ["kept:/kept"]
  asks:
    image: continuo-test/busybox
    init: true
    command: sh -c 'until wget -q -O- http://web/; do sleep 0.2; done; exec sleep 1000'
volumes:
  kept: {}
`;

dockerSuite('a service that brings up a Compose file', () => {
  for (const [end, command] of [
    ['well', 'true'],
    ['badly', 'false'],
  ] as const)
    test(`is reached at its ports and leaves nothing on the engine when the run ends ${end}`, async () => {
      await using place = new ContainerPlace();
      const port = await freePort();
      const project = place.mark;
      const label = `com.docker.compose.project=${project}`;
      place.file('docker-compose.yml', composed(port));
      const told = await place.exec(
        `${stack(port)}  - step:
      name: test
      commands-output: minimal
      commands: ['busybox wget -q -O- http://localhost:${port}/', ${command}]
`,
        [],
        { COMPOSE_PROJECT_NAME: project, DOCKER_HOST: process.env['DOCKER_HOST'] ?? '' },
      );
      assert.equal(told.code, command === 'true' ? 0 : 1, told.stdout + told.stderr);
      assert.equal(await place.output('test'), 'hello from compose\n');
      assert.deepEqual(await place.ends(), {
        stack: 'stopped',
        test: command === 'true' ? 'succeeded' : 'failed',
      });
      assert.deepEqual((await docker.listVolumes({ filters: { label: [label] } })).Volumes, []);
      await nothingLabelled(label);
    });
});
