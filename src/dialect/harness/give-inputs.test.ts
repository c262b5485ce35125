import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Findings } from '../common/diagnostic.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { toSource } from '../common/source.ts';
import { toValue } from '../common/tree.ts';
import { giveInputs } from './give-inputs.ts';

import type { GivenInputs } from './inputs-given.ts';

const pipeline = `
pipeline:
  variables:
    - { name: TAG, type: String, value: "<+input>.default(7).allowedValues(6,7)" }
    - { name: COUNT, type: Number, value: <+input>.default(2) }
  stages:
    - parallel:
        - stage:
            identifier: build
            variables:
              - { name: MODE, type: String, value: "<+input>.regex([a-z]+)" }
            spec:
              execution:
                steps:
                  - step:
                      identifier: db
                      spec:
                        image: <+input>
                        privileged: <+input>.default(false)
                        envVariables: <+input>.default({})
                  - stepGroup:
                      identifier: grp
                      steps:
                        - step: { identifier: web, spec: { image: <+input> } }
`;

async function give(text: string, given: Partial<GivenInputs> = {}) {
  const source = toSource('p.yaml', text);
  const findings = new Findings(source);
  const tree = parseYaml(findings)!;
  const settled = await giveInputs(tree, findings, { values: [], files: [], ...given });
  const told = findings
    .all()
    .map(({ severity, message, where: { file, line, column }, hint }) =>
      [`${severity} ${file}:${line}:${column}`, message, hint].filter(Boolean).join(' | '),
    );
  return {
    value: JSON.parse(JSON.stringify(toValue(settled.tree))) as unknown,
    told,
    tree: settled.tree,
    late: settled.late,
    before: tree,
  };
}

/** What stands at a path of keys. */
const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce((inside, key) => (inside as Readonly<Record<string, unknown>>)[key], value);

const values = (all: Readonly<Record<string, string>>) =>
  Object.entries(all).map(([name, value]) => ({ name, value }));

const needed = { MODE: 'fast', 'db.image': 'postgres:16', 'grp.web.image': 'web' };
const steps = 'pipeline.stages.0.parallel.0.stage.spec.execution.steps';

describe('inputs', () => {
  it('are given by the name of a variable, and by as much of a path as means one', async () => {
    const { value, told } = await give(pipeline, { values: values({ ...needed, TAG: '6' }) });
    assert.deepEqual(told, []);
    assert.equal(at(value, 'pipeline.variables.0.value'), '6');
    assert.equal(at(value, `${steps}.0.step.spec.image`), 'postgres:16');
    assert.equal(at(value, `${steps}.1.stepGroup.steps.0.step.spec.image`), 'web');
  });

  it('are given by their whole path', async () => {
    const { value, told } = await give(pipeline, {
      values: values({
        'pipeline.variables.TAG.value': '6',
        'stages.build.variables.MODE': 'x',
        'stages.build.spec.execution.steps.db.spec.image': 'a',
        'stages.build.spec.execution.steps.grp.steps.web.spec.image': 'b',
      }),
    });
    assert.deepEqual(told, []);
    assert.equal(at(value, 'pipeline.variables.0.value'), '6');
    assert.equal(at(value, `${steps}.1.stepGroup.steps.0.step.spec.image`), 'b');
  });

  it('that are not given have their default, read as what the place wants', async () => {
    const { value } = await give(pipeline, { values: values(needed) });
    assert.equal(at(value, 'pipeline.variables.0.value'), '7');
    assert.equal(at(value, 'pipeline.variables.1.value'), 2);
    assert.equal(at(value, `${steps}.0.step.spec.privileged`), false);
    assert.deepEqual(at(value, `${steps}.0.step.spec.envVariables`), {});
  });

  it('that are missing are told all at once, each with a name to give it by', async () => {
    const { told } = await give(pipeline);
    assert.deepEqual(told, [
      'error p.yaml:11:52 | the input `stages.build.variables.MODE` is missing | give it by `--input MODE=…`: a text that matches `[a-z]+`',
      'error p.yaml:18:32 | the input `stages.build.spec.execution.steps.db.spec.image` is missing | give it by `--input db.image=…`',
      'error p.yaml:24:67 | the input `stages.build.spec.execution.steps.grp.steps.web.spec.image` is missing | give it by `--input web.image=…`',
    ]);
  });

  it('are checked, whoever gives them', async () => {
    const file = toSource('in.yaml', 'TAG: "8"\n');
    const { told } = await give(pipeline, {
      values: values({ ...needed, MODE: 'FAST' }),
      files: [file],
    });
    assert.deepEqual(told, [
      'error p.yaml:11:52 | what is given for `stages.build.variables.MODE` must be a text that matches `[a-z]+`',
      'error in.yaml:1:6 | what is given for `variables.TAG` must be one of 6, 7',
    ]);
  });

  it('have names that are near what was meant', async () => {
    const { told } = await give(pipeline, { values: values({ ...needed, TGA: '6' }) });
    assert.deepEqual(told, [
      'error --input:4:1 | this pipeline has no input `TGA` | did you mean `TAG`?',
    ]);
  });

  it('are not given by a name that several have', async () => {
    const { told } = await give(pipeline, { values: values({ ...needed, image: 'x' }) });
    assert.match(told.join('\n'), /`image` is the name of 2 inputs \| say which .*db\.spec\.image/);
  });

  it('come from a file of the shape of the pipeline, with the types it has there', async () => {
    const file = `
pipeline:
  variables: [{ name: COUNT, type: Number, value: 5 }]
  stages:
    - parallel:
        - stage:
            identifier: build
            type: CI
            variables: [{ name: MODE, type: String, value: slow }]
            spec:
              execution:
                steps:
                  - step:
                      identifier: db
                      spec: { image: redis, privileged: true, envVariables: { A: b }, shell: Sh }
                  - stepGroup:
                      identifier: grp
                      steps: [{ step: { identifier: web, spec: { image: nginx } } }]
`;
    for (const text of [file, file.replace('pipeline:', 'inputSet:\n pipeline:')]) {
      const { value, told } = await give(pipeline, { files: [toSource('in.yaml', text)] });
      assert.match(
        told.join('\n'),
        /^warning in.yaml:\d+:\d+ \| `stages.build.spec.execution.steps.db.spec.shell` is no input/,
      );
      assert.equal(told.length, 1);
      assert.equal(at(value, 'pipeline.variables.1.value'), 5);
      assert.deepEqual(at(value, `${steps}.0.step.spec`), {
        image: 'redis',
        privileged: true,
        envVariables: { A: 'b' },
      });
    }
  });

  it('come from a map of names, and the command line wins', async () => {
    const file = toSource('in.yaml', 'MODE: slow\ndb.image: a\nweb.spec.image: b\nTAG: "6"\n');
    const { value, told } = await give(pipeline, {
      files: [file],
      values: values({ MODE: 'fast' }),
    });
    assert.deepEqual(told, []);
    assert.equal(at(value, 'pipeline.stages.0.parallel.0.stage.variables.0.value'), 'fast');
    assert.equal(at(value, 'pipeline.variables.0.value'), '6');
  });

  it('read a text for a map or a list as YAML, and say when it is none', async () => {
    const maps = { ...needed, 'db.envVariables': '{A: "1"}' };
    const { value } = await give(pipeline, { values: values(maps) });
    assert.deepEqual(at(value, `${steps}.0.step.spec.envVariables`), { A: '1' });
    const wrong = await give(pipeline, { values: values({ ...maps, 'db.envVariables': '{A' }) });
    assert.match(wrong.told.join(), /envVariables` is not YAML/);
  });

  it('are asked for when somebody is there, again while the answer cannot be taken', async () => {
    const asked: string[] = [];
    const answers = ['', '', 'FAST', 'fast', 'postgres', 'true', '{}', 'web'];
    const { value, told } = await give(pipeline, {
      ask: ({ path, problem }) => {
        asked.push(problem ?? path);
        return Promise.resolve(answers.shift());
      },
    });
    assert.deepEqual(told, []);
    assert.deepEqual(asked.slice(0, 4), [
      'variables.TAG',
      'variables.COUNT',
      'stages.build.variables.MODE',
      'it must be a text that matches `[a-z]+`',
    ]);
    assert.equal(at(value, 'pipeline.variables.0.value'), '7');
    assert.equal(at(value, `${steps}.0.step.spec.privileged`), true);
  });

  it('stand for a whole value only', async () => {
    const { told } = await give('pipeline:\n  name: a-<+input>\n  tag: <+input>.x\n');
    assert.deepEqual(
      told.map((one) => one.slice(0, 60)),
      [
        'error p.yaml:2:9 | `<+input>` stands within a text, where no',
        'error p.yaml:3:8 | this input has `.x` after `<+input>`, whe',
      ],
    );
  });

  it('that no run on this machine needs are left out when they are not given', async () => {
    const { value, told } = await give(
      'pipeline:\n  properties: { ci: { codebase: { repoName: a, build: <+input> } } }\n',
    );
    assert.deepEqual(told, []);
    assert.deepEqual(at(value, 'pipeline.properties.ci.codebase'), { repoName: 'a' });
  });

  it('that no run on this machine needs have their default, and nobody is asked for them', async () => {
    const { value, told } = await give(
      `
pipeline:
  description: <+input>
  tags: <+input>.default({})
  variables: [{ name: A, type: String, description: <+input>, value: a }]
  stages:
    - stage:
        identifier: build
        tags: { team: <+input> }
        delegateSelectors: [<+input>]
        spec:
          infrastructure: { spec: { namespace: <+input>.default(ci), containerSecurityContext: { procMount: <+input> } } }
          caching: { key: <+input>.executionInput(), paths: [<+input>.default(a)] }
          runtime: { spec: { size: <+input> } }
`,
      { ask: () => assert.fail('nobody is to be asked') },
    );
    assert.deepEqual(told, []);
    const stage = 'pipeline.stages.0.stage';
    assert.deepEqual(at(value, 'pipeline.tags'), {});
    assert.deepEqual(at(value, `${stage}.tags`), {});
    assert.deepEqual(at(value, `${stage}.spec`), {
      infrastructure: { spec: { namespace: 'ci', containerSecurityContext: {} } },
      caching: { paths: ['a'] },
      runtime: { spec: {} },
    });
  });

  it('are wanted of whatever only has a name that others need nothing of', async () => {
    const named = `
pipeline:
  variables:
    - { name: tags, type: String, value: <+input>.default(smoke) }
    - { name: description.tags, type: String, value: <+input> }
  stages:
    - stage:
        identifier: delegateSelectors
        variables: [{ name: infrastructure.spec.x, type: String, value: <+input> }]
        spec:
          infrastructure: { spec: { volumes: [{ mountPath: <+input> }] } }
          execution:
            steps:
              - step: { identifier: caching, spec: { image: <+input>.default(redis) } }
              - stepGroup:
                  identifier: runtime
                  steps:
                    - step:
                        identifier: infrastructure
                        spec: { command: <+input>, envVariables: { tags: <+input> } }
`;
    const { value, told } = await give(named);
    assert.equal(at(value, 'pipeline.variables.0.value'), 'smoke');
    const steps = 'pipeline.stages.0.stage.spec.execution.steps';
    assert.equal(at(value, `${steps}.0.step.spec.image`), 'redis');
    const stage = 'stages.delegateSelectors';
    const inGroup = `${stage}.spec.execution.steps.runtime.steps.infrastructure.spec`;
    assert.deepEqual(
      told.map((one) => /the input `(.*)` is missing/.exec(one)?.[1]),
      [
        'variables.description.tags',
        `${stage}.variables.infrastructure.spec.x`,
        `${stage}.spec.infrastructure.spec.volumes.0.mountPath`,
        `${inGroup}.command`,
        `${inGroup}.envVariables.tags`,
      ],
    );
    const { late } = await give(named.replaceAll('<+input>', '<+input>.executionInput()'));
    assert.equal(late.size, 7);
  });

  it('leave a pipeline alone that asks for none', async () => {
    const { tree, before } = await give('pipeline:\n  name: <+pipeline.variables.x>\n');
    assert.equal(tree, before);
  });
});
