import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { ok } from '../../../src/base/result.ts';
import { readHarness } from '../../../src/dialect/harness/read-pipeline.ts';
import { renderDiagnostics } from '../../../src/dialect/common/render.ts';
import { toSource } from '../../../src/dialect/common/source.ts';
import { nodesOfPlan } from '../../../src/plan/order.ts';

import type { HarnessOptions } from '../../../src/dialect/harness/read-pipeline.ts';
import type { ReadTemplates } from '../../../src/dialect/harness/template-library.ts';

// UPDATE_GOLDEN=1 writes what is expected anew; read the difference before it is committed.
const update = process.env['UPDATE_GOLDEN'] === '1';

const filesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(import.meta.dirname, folder)))
    .filter((name) => name.endsWith('.yaml'))
    .sort();

/**
 * Reads a file of the corpus under its bare name; its first lines may say with which options, `# options: strict`,
 * and what is given for its inputs: `# inputs: TAG=7 PORT=80`.
 */
async function read(folder: string, name: string): ReturnType<typeof readHarness> {
  const text = await readFile(join(import.meta.dirname, folder, name), 'utf8');
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
    (await filesIn('templates')).map(async (name) =>
      ok(toSource(name, await readFile(join(import.meta.dirname, 'templates', name), 'utf8'))),
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

function rendered({
  diagnostics,
  sources,
}: {
  diagnostics: Parameters<typeof renderDiagnostics>[0];
  sources: readonly { file: string }[];
}): string {
  const sourceOf = (file: string) => sources.find((one) => one.file === file) as never;
  return renderDiagnostics(diagnostics, sourceOf, { color: false, width: 100 });
}

async function matchesGolden(path: string, actual: string): Promise<void> {
  if (update) await writeFile(join(import.meta.dirname, path), actual);
  const expected = await readFile(join(import.meta.dirname, path), 'utf8').catch(() => undefined);
  assert.equal(actual, expected, `${path} differs`);
}

for (const name of await filesIn('valid'))
  test(`harness/valid/${name} becomes its plan`, async () => {
    const result = await read('valid', name);
    assert.ok(result.ok, result.ok ? '' : rendered(result.failure));
    const { plan, warnings } = result.value;
    const ids = nodesOfPlan(plan).map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    const told = warnings.map(({ message, where }) => `${where.line}:${where.column} ${message}`);
    const actual = { plan, ...(told.length > 0 && { warnings: told }) };
    await matchesGolden(
      `valid/${name.replace('.yaml', '.plan.json')}`,
      `${JSON.stringify(actual, null, 2)}\n`,
    );
  });

for (const name of await filesIn('invalid'))
  test(`harness/invalid/${name} gets its diagnostics`, async () => {
    const result = await read('invalid', name);
    assert.ok(!result.ok, 'a plan was made of it');
    const path = `invalid/${name.replace('.yaml', '.txt')}`;
    await matchesGolden(path, rendered(result.failure));
  });

test('every expectation of a Harness pipeline belongs to a file', async () => {
  for (const [folder, ending] of [
    ['valid', '.plan.json'],
    ['invalid', '.txt'],
  ] as const) {
    const names = await readdir(join(import.meta.dirname, folder));
    const wanted = (await filesIn(folder)).flatMap((name) => [name, name.replace('.yaml', ending)]);
    assert.deepEqual(names.sort(), wanted.sort());
  }
});
