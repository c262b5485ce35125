import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Place } from '../rig/cli.ts';

const stage = (name: string, steps: string) => `    - stage:
        identifier: ${name}
        name: ${name}
        type: CI
        spec:
          cloneCodebase: false
          platform: { os: Linux, arch: Amd64 }
          runtime: { type: Cloud, spec: {} }
          execution:
            steps:
${steps.trim().replaceAll(/^/gm, '              ')}
`;

const pipeline = `pipeline:
  identifier: exports
  name: exports
  stages:
${stage(
  'build',
  `
- step:
    identifier: build
    name: build
    type: Run
    spec:
      shell: Sh
      command: VERSION=1.2; TOKEN=abc-12345
      outputVariables: [{ name: VERSION }, { name: TOKEN, type: Secret }]
      outputAlias: { key: built, scope: Pipeline }
- stepGroup:
    identifier: g
    name: g
    steps:
      - step:
          identifier: count
          name: count
          type: Run
          spec:
            shell: Sh
            command: N=7
            outputVariables: [{ name: N }]
            outputAlias: { key: counted, scope: StepGroup }
      - step:
          identifier: near
          name: near
          type: Run
          spec: { shell: Sh, command: 'echo <+exportedVariables.getValue("stepGroup.counted.N")>' }`,
)}${stage(
  'ship',
  `
- step:
    identifier: far
    name: far
    type: Run
    when: { stageStatus: Success, condition: '<+exportedVariables.getValue("pipeline.built.VERSION")> == "1.2"' }
    spec:
      shell: Sh
      command: 'echo <+exportedVariables.getValue("pipeline.built.VERSION")> <+exportedVariables.getValue("pipeline.built.TOKEN")>'`,
)}`;

it('outputs are found by their alias in the group, and in a later stage, secret ones masked', async () => {
  await using place = new Place();
  const told = await place.exec(pipeline);
  assert.equal(told.code, 0, told.stdout + told.stderr);
  assert.equal(await place.output('build.g_near'), '7\n');
  assert.equal(await place.output('ship.far'), '1.2 ********\n');
});
