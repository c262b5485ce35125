import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

import { harnessJsonSchema } from './json-schema.ts';

const corpus = join(import.meta.dirname, '../../../test/pipelines/harness');
const namesIn = (folder: string): readonly string[] =>
  readdirSync(join(corpus, folder)).filter((name) => name.endsWith('.yaml'));
const dataOf = (folder: string, name: string): unknown =>
  parse(readFileSync(join(corpus, folder, name), 'utf8'), { merge: true, logLevel: 'silent' });

const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, formats: { regex: true } });
const validate = ajv.compile(harnessJsonSchema());

test('the JSON Schema of Harness pipelines accepts every valid file of the corpus', () => {
  for (const name of namesIn('valid')) {
    validate(dataOf('valid', name));
    assert.deepEqual(validate.errors, null, name);
  }
});

test('it refuses the files whose shape is wrong', () => {
  const refused = [
    ...['not-a-map', 'gitness', 'unified', 'drone', 'no-stages', 'stages-is-a-map', 'no-names'],
    ...['stage-item-misspelt', 'stage-without-type', 'infrastructure-of-another-kind'],
    ...['step-without-type', 'step-without-name', 'step-without-spec', 'item-misspelt'],
    ...['two-in-one-item', 'group-without-name', 'parallel-is-a-map', 'shell-of-another-kind'],
    ...['when-without-status', 'status-of-stages', 'status-misspelt', 'errors-misspelt'],
    ...['no-errors', 'action-misspelt', 'two-strategies', 'no-strategy', 'reports', 'privileged'],
    ...['output-variables-is-a-map', 'port-bindings-is-a-list', 'pull-policy', 'environment'],
    ...['ready', 'on-exit', 'wait', 'approval', 'variables', 'many-at-once', 'a-template'],
  ];
  for (const part of refused) {
    const name = namesIn('invalid').find((file) => file.replace(/^\d+-/, '') === `${part}.yaml`);
    assert.ok(name !== undefined, part);
    assert.equal(validate(dataOf('invalid', name)), false, name);
  }
});

const pipelineOf = (stage: string): unknown => parse(`pipeline: { name: p, stages: [${stage}] }`);
const stageOf = (step: string): unknown =>
  pipelineOf(`{ stage: { name: s, type: CI, spec: { execution: { steps: [${step}] } } } }`);

test('it accepts an input in place of any value', () => {
  const spec = [
    ...['image', 'shell', 'envVariables', 'privileged', 'reports', 'portBindings', 'runAsUser'],
    ...['imagePullPolicy', 'resources', 'entrypoint', 'ready', 'onExit', 'stop', 'needs'],
  ];
  const common = ['timeout', 'when', 'failureStrategies', 'strategy'];
  const asked = (keys: readonly string[]): string =>
    keys.map((key) => `${key}: <+input>.default(x)`).join(', ');
  const steps = [
    `{ step: { name: a, type: Background, ${asked(common)}, spec: { ${asked(spec)} } } }`,
    `{ step: { name: b, type: Run, spec: <+input> } }`,
    '{ step: { name: c, type: Background, spec: { ready: { tcp: <+input>, timeout: <+input> } } } }',
  ];
  for (const step of steps) {
    validate(stageOf(step));
    assert.deepEqual(validate.errors, null, step);
  }
});

test('it asks of what uses a template for nothing that the template may have', () => {
  const use = 'template: { templateRef: org.t, versionLabel: "1", templateInputs: {} }';
  for (const data of [
    stageOf(`{ step: { name: a, ${use} } }`),
    stageOf(`{ stepGroup: { name: a, ${use} } }`),
    pipelineOf(`{ stage: { name: a, ${use} } }`),
    parse(`pipeline: { name: p, ${use} }`),
  ]) {
    validate(data);
    assert.deepEqual(validate.errors, null);
  }
  assert.equal(validate(stageOf('{ step: { name: a, template: {} } }')), false);
});

test('it suggests words as Harness spells them', () => {
  const { background, action } = harnessJsonSchema().$defs ?? {};
  assert.deepEqual(background?.properties?.['shell']?.anyOf?.[0]?.enum, [
    ...['Sh', 'Bash', 'Powershell', 'Pwsh', 'Python'],
  ]);
  assert.equal(action?.properties?.['type']?.anyOf?.[0]?.enum?.includes('MarkAsSuccess'), true);
});
