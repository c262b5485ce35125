import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { docker, dockerSuite } from '../rig/docker.ts';
import { labelled } from '../rig/docker-labelled.ts';
import { serve } from '../rig/serving.ts';

const pipeline = (image: string, command: string): string => `version: 2.1
pipeline:
  - step: { name: test, image: ${image}, commands: ["${command}"] }
`;

dockerSuite('an option of exec --remote for containers', () => {
  it('--keep: leaves the containers of a failed run up, and says how to get in', async () => {
    await using place = new ContainerPlace();
    await serve(place);
    place.file('a.yaml', pipeline('continuo-test/busybox', 'false'));
    const told = await place.continuo(['exec', '--remote', '--keep', 'a.yaml']);
    assert.equal(told.code, 1, told.stderr);
    assert.match(told.stdout, /docker (exec|run) /);
    const [, run] = /run (\S+), all output/.exec(told.stdout)!;
    const kept = await labelled(docker, `continuo.run=${run}`);
    assert.ok(kept.some(({ labels }) => labels['continuo.task'] === 'test'));
    const cleaned = await place.continuo(['clean', run!]);
    assert.match(cleaned.stdout, new RegExp(`^removed what run ${run} had kept`));
  });

  it('--pull-policy: goes with the order', async () => {
    await using place = new ContainerPlace();
    await serve(place);
    place.file('a.yaml', pipeline('continuo-test/none', 'true'));
    const told = await place.continuo(['exec', '--remote', '--pull-policy', 'Never', 'a.yaml']);
    assert.equal(told.code, 1, told.stderr);
    assert.match(told.stdout, /could not get its image continuo-test\/none/);
    assert.doesNotMatch(told.stdout, /pulling/);
  });
});
