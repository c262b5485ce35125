import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { toSource } from '../common/source.ts';
import { toPlan } from './read-pipeline.ts';
import { referencePage } from './reference-page.ts';
import { examples } from './reference-text.ts';

test('docs/pipeline-reference.md is what the schema says', async () => {
  const path = join(import.meta.dirname, '../../../docs/pipeline-reference.md');
  if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(path, referencePage());
  assert.equal(await readFile(path, 'utf8'), referencePage());
});

test('every example of the reference is a pipeline without a mistake or a warning', () => {
  const blocks = [...examples.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1]!);
  assert.equal(blocks.length, 7);
  for (const block of blocks) {
    const result = toPlan(toSource('example.yaml', block), new Map([['GIT_TOKEN', 'x']]));
    assert.deepEqual(result.ok ? result.value.warnings : result.failure.diagnostics, []);
  }
});

test('every key has a meaning on the page', () => {
  const rows = referencePage()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  assert.ok(rows.length > 30);
  for (const row of rows) assert.match(row, /^\| `[\w-]+` \| [^|]\S.* \| \S.* \|$/);
});
