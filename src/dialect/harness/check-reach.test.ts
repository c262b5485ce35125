import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readSteps } from '../../../test/rig/harness.ts';
import { pod } from '../../../test/rig/harness-text.ts';

const service = (spec: string): string =>
  `- step: { identifier: db, name: db, type: Background, spec: { ${spec} } }`;

const step = (command: string, more = ''): string =>
  `- step: { identifier: go, name: go, type: Run, spec: { command: '${command}'${more} } }`;

const told = async (steps: readonly string[], runs?: string): Promise<string> =>
  (
    await readSteps(steps.join('\n'), {
      ...(runs !== undefined && { runs, podsAsContainers: true }),
    })
  ).told;

const ping = 'redis-cli -u redis://localhost:6379 ping';

describe('001-62 a step of the machine that asks at localhost for a container', () => {
  it('is warned of when the container does not publish the port', async () => {
    for (const spec of ['image: redis', 'image: redis, portBindings: { "16379": "6379" }'])
      assert.match(
        await told([service(spec), step(ping)]),
        /p\.yaml:15:\d+ {2}warning {2}step 'go': it asks for port 6379 at `localhost`, and no service before it publishes that\n[^]*'db'[^]*portBindings/,
      );
  });

  it('is fine with a port that is published, one that the run chooses, or one of a service on the machine', async () => {
    for (const spec of [
      'image: redis, portBindings: { "6379": "6379" }',
      'image: redis, portBindings: { "0": "6379" }',
      'command: redis-server',
    ])
      assert.equal(await told([service(spec), step(ping)]), '', spec);
  });

  it('is not meant where the step starts something in the background itself', async () => {
    const own = 'npm start & sleep 1; curl -f localhost:3000';
    assert.equal(await told([service('image: redis'), step(own)]), '');
    const waits = 'until curl -f localhost:3000 >/dev/null 2>&1 && true; do :; done';
    assert.match(await told([service('image: redis'), step(waits)]), /it asks for port 3000/);
  });

  it('is not meant where the step comes first, is a container itself, or shares a pod', async () => {
    assert.equal(await told([step(ping), service('image: redis')]), '');
    assert.doesNotMatch(
      await told([service('image: redis'), step(ping, ', image: redis')]),
      /asks/,
    );
    const inPod = [
      service('connectorRef: hub, image: redis'),
      step(ping, ', image: a, connectorRef: hub'),
    ];
    assert.doesNotMatch(await told(inPod, pod), /asks/);
  });
});
