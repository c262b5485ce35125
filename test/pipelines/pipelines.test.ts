import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { readPipeline } from '../../src/dialect/cix/read-pipeline.ts';
import { renderDiagnostics } from '../../src/dialect/common/render.ts';
import { readBytes } from '../../src/dialect/common/read-bytes.ts';
import { readSource } from '../../src/dialect/common/read-source.ts';

import type { Diagnostic } from '../../src/dialect/common/diagnostic.ts';
import type { Source } from '../../src/dialect/common/source.ts';

const nothing = { diagnostics: [], sources: [] };

// UPDATE_GOLDEN=1 writes what is expected anew; read the difference before it is committed.
const update = process.env['UPDATE_GOLDEN'] === '1';

const filesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(import.meta.dirname, folder)))
    .filter((name) => name.endsWith('.yaml'))
    .sort();

/** Reads a file of the corpus under its bare name, so that no message holds a path of a machine. */
const read = (folder: string, name: string): ReturnType<typeof readPipeline> =>
  readPipeline(name, {
    read: ({ at }) =>
      readSource(at, (file, limit) => readBytes(join(import.meta.dirname, folder, file), limit)),
  });

/** Diagnostics as somebody sees them who has this much room. */
function rendered(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
): string {
  const sourceOf = (name: string) => sources.find(({ file }) => file === name);
  return renderDiagnostics(diagnostics, sourceOf, { color: false, width: 100 });
}

async function matchesGolden(path: string, actual: string): Promise<void> {
  if (update) await writeFile(join(import.meta.dirname, path), actual);
  const expected = await readFile(join(import.meta.dirname, path), 'utf8').catch(() => undefined);
  assert.equal(actual, expected, `${path} differs`);
}

for (const name of await filesIn('valid'))
  test(`valid/${name} becomes its plan`, async () => {
    const result = await read('valid', name);
    const { diagnostics, sources } = result.ok ? nothing : result.failure;
    assert.ok(result.ok, rendered(diagnostics, sources));
    const { plan, warnings } = result.value;
    const told = warnings.map(({ message, where }) => `${where.line}:${where.column} ${message}`);
    const actual = { plan, ...(told.length > 0 && { warnings: told }) };
    await matchesGolden(
      `valid/${name.replace('.yaml', '.plan.json')}`,
      `${JSON.stringify(actual, null, 2)}\n`,
    );
  });

for (const name of await filesIn('invalid'))
  test(`invalid/${name} gets its diagnostics`, async () => {
    const result = await read('invalid', name);
    assert.ok(!result.ok, 'a plan was made of it');
    const { diagnostics, sources } = result.failure;
    const path = `invalid/${name.replace('.yaml', '.txt')}`;
    await matchesGolden(path, rendered(diagnostics, sources));
  });

test('every expectation belongs to a file', async () => {
  for (const [folder, ending] of [
    ['valid', '.plan.json'],
    ['invalid', '.txt'],
  ] as const) {
    const names = await readdir(join(import.meta.dirname, folder));
    const wanted = (await filesIn(folder)).flatMap((name) => [name, name.replace('.yaml', ending)]);
    assert.deepEqual(names.sort(), wanted.sort());
  }
});
