import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { imageOf } from '../images/images.ts';
import { Place } from '../rig/cli.ts';
import { ContainerPlace } from '../rig/container-place.ts';
import { dockerSuite } from '../rig/docker.ts';

const busybox = `image: ${imageOf('busybox')}, commands-output: minimal`;

dockerSuite('what CIX does wrong in containers', () => {
  it('a step that timed out is gone before its next attempt, and before the step after it', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: slow
      image: ${imageOf('busybox')}
      timeout: 2
      retry: {iterations: 2, backoff: 0}
      continue-on-fail: true
      commands:
        - echo started >> /cix/tmp/starts
        - cp /cix/tmp/beats /cix/tmp/before 2>&1 || true
        - sleep 0.2
        - test ! -e /cix/tmp/before || cmp /cix/tmp/before /cix/tmp/beats
        - while :; do echo beat >> /cix/tmp/beats; sleep 0.02; done
  - step:
      name: after
      ${busybox.replace(', ', '\n      ')}
      commands:
        - test $(wc -l < /cix/tmp/starts) = 2
        - cp /cix/tmp/beats /cix/tmp/then
        - sleep 0.3
        - cmp /cix/tmp/beats /cix/tmp/then
`);
    assert.equal(told.code, 0, told.stdout);
    assert.deepEqual(await place.ends(), { slow: 'ignored', after: 'succeeded' });
    const end = { kind: 'timed-out', afterMs: 2_000 };
    assert.deepEqual((await place.last('step.retrying', 'slow'))?.end, end);
    // It would have failed by itself had anything beaten beside it.
    assert.deepEqual((await place.last('step.ended', 'slow'))?.end, end);
  });

  it('a parallel group whose later member fails ends in order, and the teardown runs', async () => {
    await using place = new ContainerPlace();
    place.file(
      'p.yaml',
      `version: 2.1
pipeline:
  - steps:
      name: both
      parallel: true
      pipeline:
        - step: { name: slow, ${busybox}, commands: ["trap 'echo told; exit 0' TERM", 'while :; do sleep 0.1; done'] }
        - step: { name: bad, ${busybox}, commands: [sleep 1, exit 3] }
`,
    );
    place.file(
      'down.yaml',
      'version: 2.1\npipeline: [{step: {name: down, commands: [touch down]}}]\n',
    );
    const told = await place.cix([
      'exec',
      '-P',
      'Never',
      '-y',
      'p.yaml',
      '--teardown',
      'down.yaml',
    ]);
    assert.equal(told.code, 3, told.stdout + told.stderr);
    assert.match(told.stdout, /slow +\| told/);
    assert.match(told.stdout, /ERROR\tPipeline failed: step 'bad' failed with exit code 3/);
    assert.equal(told.stderr, '');
    assert.ok(existsSync(join(place.dir, 'down')));
  });

  it('a step behind a `when` whose image, ports or volumes lack a variable is skipped, or fails at its turn', async () => {
    await using place = new ContainerPlace();
    const isSet = 'when: [{operator: IS_SET, value: $$X}]';
    const file = place.file(
      'p.yaml',
      `version: 2.1
pipeline:
  - step: { name: first, ${busybox}, commands: [echo first] }
  - step: { name: image, ${isSet}, image: $$X, commands: [echo image] }
  - steps:
      name: around
      ${isSet}
      pipeline:
        - step: { name: ports, ${busybox}, ports: ["$$X:80"], commands: [echo ports] }
        - step: { name: volumes, ${busybox}, loop: 2, volumes: ["$$X:/x"], commands: [echo volumes] }
        - step: { name: served, image: $$X, background: true }
  - step:
      name: late
      when: [{operator: IS_NOT_SET, value: $$X}]
      image: $$X
      retry: {iterations: 2, backoff: 0}
      continue-on-fail: true
      commands: [echo late]
  - step: { name: last, ${busybox}, commands: [echo last] }
`,
    );
    const told = await place.cix(['exec', '-y', file]);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const { first, image, ports, late, last, ...rest } = await place.ends();
    assert.deepEqual(
      [first, image, ports, late, last],
      ['succeeded', 'skipped', 'skipped', 'ignored', 'succeeded'],
    );
    assert.deepEqual(rest, { 'volumes-1': 'skipped', 'volumes-2': 'skipped', served: 'skipped' });
    const detail = 'its image names the variable X, which has no value';
    const end = { kind: 'launch', failure: { kind: 'refused', detail } };
    assert.deepEqual((await place.last('step.retrying', 'late'))?.end, end);
    assert.deepEqual((await place.last('step.ended', 'late'))?.end, end);
  });

  it('an image whose variable nobody gave is a mistake of the file, told once before anything runs', async () => {
    await using place = new ContainerPlace();
    const file = place.file(
      'p.yaml',
      `version: 2.1
pipeline:
  - step: { name: first, ${busybox}, commands: [echo first] }
  - step: { name: s, loop: 9, image: $$X, commands: [echo S] }
`,
    );
    for (const told of [
      await place.cix(['exec', '-y', file]),
      await place.continuo(['exec', file]),
    ]) {
      assert.equal(told.code, 2, told.stdout + told.stderr);
      assert.match(
        told.stderr,
        /p\.yaml:4:13 {2}error {2}step 's': its image names the variable X, which has no value/,
      );
      assert.equal(told.stderr.match(/names the variable/g)?.length, 1, told.stderr);
      assert.doesNotMatch(told.stdout, /first/);
    }
  });
});

it('a group whose name is a number is told of as any other', async () => {
  await using place = new Place();
  const yaml = `version: 2.1
pipeline:
  - steps: {name: 7, pipeline: [{step: {name: a, commands: ["true"]}}]}
`;
  const told = await place.cix(['exec', '-y', place.file('p.yaml', yaml)]);
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stdout, /Starting serial step group '7'[^]*Completed serial step group '7'/);
});
