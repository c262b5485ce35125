import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { ok } from '../../../src/base/result.ts';
import { readHarness } from '../../../src/dialect/harness/read-pipeline.ts';
import { toSource } from '../../../src/dialect/common/source.ts';
import { nodesOfPlan } from '../../../src/plan/order.ts';
import { holdsMistakes, holdsNothingElse, holdsPlan, pipelinesIn } from '../../rig/golden.ts';

import type { HarnessOptions } from '../../../src/dialect/harness/read-pipeline.ts';
import type { ReadTemplates } from '../../../src/dialect/harness/template-library.ts';

const dir = import.meta.dirname;

/**
 * Reads a file of the corpus under its bare name; its first lines may say with which options, `# options: strict`,
 * and what is given for its inputs: `# inputs: TAG=7 PORT=80`.
 */
async function read(folder: string, name: string): ReturnType<typeof readHarness> {
  const text = await readFile(join(dir, folder, name), 'utf8');
  const words = /^# options:(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  const given = /^# inputs:(.*)$/m.exec(text)?.[1];
  const options: HarnessOptions = {
    strict: words.includes('strict'),
    skipUnsupported: words.includes('skip-unsupported'),
    podsAsContainers: words.includes('pods-as-containers'),
    ...(words.includes('connectors') && { connectors }),
    ...(words.includes('templates') && { templates }),
    ...(given && { inputs: { values: given.trim().split(/\s+/).map(toInput), files: [] } }),
  };
  return readHarness(toSource(name, text), options);
}

function toInput(written: string): { name: string; value: string } {
  const [name = '', ...value] = written.split('=');
  return { name, value: value.join('=') };
}

const templates: ReadTemplates = async () =>
  Promise.all(
    (await pipelinesIn(join(dir, 'templates'))).map(async (name) =>
      ok(toSource(name, await readFile(join(dir, 'templates', name), 'utf8'))),
    ),
  );

const connectors = toSource(
  'connectors.yaml',
  `connectors:
  account.dockerhub:
    registry: https://index.docker.io/v1/
    username: somebody
    password: <+secrets.getValue("account.hub_password")>
  org.ghcr:
    registry: ghcr.io/acme
    username: robot
    password: <+secrets.getValue("ghcr_token")>
  mirror:
    registry: mirror.example.com:5000
`,
);

for (const name of await pipelinesIn(join(dir, 'valid')))
  test(`harness/valid/${name} becomes its plan`, async () => {
    const result = await read('valid', name);
    const ids = result.ok ? nodesOfPlan(result.value.plan).map(({ id }) => id) : [];
    assert.deepEqual(ids, [...new Set(ids)]);
    await holdsPlan(dir, name, result);
  });

for (const name of await pipelinesIn(join(dir, 'invalid')))
  test(`harness/invalid/${name} gets its diagnostics`, async () => {
    await holdsMistakes(dir, name, await read('invalid', name));
  });

test('every expectation of a Harness pipeline belongs to a file', () => holdsNothingElse(dir));
