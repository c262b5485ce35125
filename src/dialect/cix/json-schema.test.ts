import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

import { pipelineJsonSchema } from './json-schema.ts';

const corpus = join(import.meta.dirname, '../../../test/pipelines');
const namesIn = (folder: string): readonly string[] =>
  readdirSync(join(corpus, folder)).filter((name) => name.endsWith('.yaml'));
const dataOf = (folder: string, name: string): unknown =>
  parse(readFileSync(join(corpus, folder, name), 'utf8'), { merge: true, logLevel: 'silent' });

const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, formats: { regex: true } });
const validate = ajv.compile(pipelineJsonSchema());

test('the JSON Schema accepts every valid file of the corpus', () => {
  for (const name of namesIn('valid')) {
    validate(dataOf('valid', name));
    assert.deepEqual(validate.errors, null, name);
  }
});

test('the JSON Schema refuses the files whose shape is wrong', () => {
  const refused = [
    ...['a-scalar', 'a-list', 'no-version', 'wrong-version', 'wrong-kind', 'no-pipeline'],
    ...['empty-pipeline', 'pipeline-is-a-map', 'null-step', 'step-and-steps', 'unknown-keys'],
    ...['no-name', 'bad-names', 'nothing-to-do', 'commands-as-text', 'wrong-types', 'durations'],
    ...[
      'service-keys-on-a-step',
      'step-keys-on-a-service',
      'probe-kinds',
      'probe-ports',
      'on-exit',
    ],
    ...[
      'stop-and-scope',
      'group-shapes',
      'environment-as-map',
      'retry',
      'needs-wrong-types',
      'probe-headers',
      'container-keys-without-image',
      'container-values',
      'two-things-to-do',
      'container-keys-misspelt',
      'health',
      'registries',
      'registry-is-a-list',
      'operators',
      'keys-of-operators',
      'repeats',
      'keys-of-groups',
      'numbers',
    ],
  ];
  for (const part of refused) {
    const name = namesIn('invalid').find((file) => file.replace(/^\d+-/, '') === `${part}.yaml`);
    assert.ok(name !== undefined, part);
    assert.equal(validate(dataOf('invalid', name)), false, name);
  }
});

test('every part of the JSON Schema that has keys is closed', () => {
  const look = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    if ('properties' in schema && 'type' in schema)
      assert.ok('additionalProperties' in schema, path);
    for (const [key, inner] of Object.entries(schema)) look(inner, `${path}/${key}`);
  };
  look(pipelineJsonSchema(), '');
});
