import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { docker, dockerSuite } from '../rig/docker.ts';
import { assertInvariants } from '../rig/invariants.ts';

const busybox = 'image: continuo-test/busybox';

dockerSuite('a run of containers in phases', () => {
  it('keeps its service up in a pause, watches it, and goes on', async () => {
    await using place = new ContainerPlace();
    const file = place.file(
      'pipeline.yaml',
      `version: 2.1
pipeline:
  - step: { name: db, background: true, ${busybox}, commands: [exec nc -ll -p 8000 -e echo here], ready: {tcp: 8000}, stop: {grace: 1s} }
  - step: { name: test, ${busybox}, commands: [nc db 8000 </dev/null] }
  - step: { name: never, ${busybox}, commands: [echo never] }
`,
    );
    const run = place.start(['exec', '--format', 'plain', '--break', 'test', file]);
    await run.printed(/paused before 'test'[^\n]*; up are db at /);
    assert.ok(await place.container('db'));
    const next = await place.continuo(['resume', '--next']);
    assert.equal(next.code, 0, next.stderr);
    await run.printed(/paused before 'never'/);
    assert.match(await place.output('test'), /\nhere\n$/);
    const db = await place.container('db');
    await docker.getContainer(db!.Id).kill();
    await run.printed(/paused: service 'db' was ended by somebody else/);
    assert.equal((await place.continuo(['resume'])).code, 0);
    const { code, stdout } = await run.told;
    assert.equal(code, 1, stdout);
    assert.equal(await place.output('never'), '');
    assertInvariants(await place.events());
  });
});
