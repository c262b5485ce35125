import assert from 'node:assert/strict';

import { ContainerPlace } from '../rig/container-place.ts';
import { docker, dockerSuite, nothingLabelled } from '../rig/docker.ts';
import { command, harnessRun, harnessStage, harnessStep } from '../rig/harness-stage.ts';
import { freePort } from '../rig/ports.ts';
import { realTests } from '../rig/real.ts';

const test = realTests('docker-compose', ['docker-compose']);

const composed = (port: number): string => `version: "3"
services:
  web:
    image: continuo-test/busybox
    init: true
    command: sh -c 'echo hello from compose > index.html; httpd -f -p 80'
    ports: ["${port}:80"]
volumes:
  kept: {}
`;

dockerSuite('a Harness service that brings up a Compose file', () => {
  test('001-41, 002-7: serves the steps of its stage, and takes all of it down at the end', async () => {
    await using place = new ContainerPlace();
    const port = await freePort();
    const project = place.mark;
    place.file('docker-compose.yml', composed(port));
    const told = await place.exec(
      harnessStage(
        [
          harnessStep(
            'Background',
            'stack',
            `shell: Sh
envVariables: { COMPOSE_PROJECT_NAME: ${project} }
${command(`trap 'docker-compose down --volumes' EXIT
trap ':' TERM
docker-compose up`)}
ready: { http: "http://localhost:${port}/" }
stop: { grace: 30s }`,
          ),
          harnessRun('ask', `busybox wget -qO- http://localhost:${port}/`),
        ].join('\n'),
      ),
      [],
      { DOCKER_HOST: process.env['DOCKER_HOST'] ?? '' },
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal(await place.output('build.ask'), 'hello from compose\n');
    assert.deepEqual(await place.ends(), { 'build.stack': 'stopped', 'build.ask': 'succeeded' });
    const label = `com.docker.compose.project=${project}`;
    assert.deepEqual((await docker.listVolumes({ filters: { label: [label] } })).Volumes, []);
    await nothingLabelled(label);
  });
});
