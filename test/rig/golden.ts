import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { renderDiagnostics } from '../../src/dialect/common/render.ts';

import type { Result } from '../../src/base/result.ts';
import type { Diagnostic } from '../../src/dialect/common/diagnostic.ts';
import type { Source } from '../../src/dialect/common/source.ts';
import type { Plan } from '../../src/plan/plan.ts';

// UPDATE_GOLDEN=1 writes what is expected anew; read the difference before it is committed.
const update = process.env['UPDATE_GOLDEN'] === '1';

/** What was found in a file, and what to show it with. */
export interface Found {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];
}

type Read = Result<{ readonly plan: Plan; readonly warnings: readonly Diagnostic[] }, Found>;

/** The names of the pipelines in a folder. */
export const pipelinesIn = async (dir: string): Promise<readonly string[]> =>
  (await readdir(dir)).filter((name) => name.endsWith('.yaml')).sort();

/** Diagnostics as somebody sees them who has this much room. */
export function rendered({ diagnostics, sources }: Found): string {
  const sourceOf = (name: string) => sources.find(({ file }) => file === name);
  return renderDiagnostics(diagnostics, sourceOf, { color: false, width: 100 });
}

/** A text is what the file says. */
export async function matchesGolden(path: string, actual: string): Promise<void> {
  if (update) await writeFile(path, actual);
  const expected = await readFile(path, 'utf8').catch(() => undefined);
  assert.equal(actual, expected, `${path} differs`);
}

/** What stands beside the pipelines of a folder. */
const endings = { valid: '.plan.json', invalid: '.txt' } as const;
type Folder = keyof typeof endings;

const goldenOf = (dir: string, folder: Folder, name: string): string =>
  join(dir, folder, name.replace('.yaml', endings[folder]));

/** A pipeline of `valid` becomes the plan that stands beside it, with its warnings. */
export async function holdsPlan(dir: string, name: string, result: Read): Promise<void> {
  assert.ok(result.ok, result.ok ? '' : rendered(result.failure));
  const { plan, warnings } = result.value;
  const told = warnings.map(({ message, where }) => `${where.line}:${where.column} ${message}`);
  const actual = { plan, ...(told.length > 0 && { warnings: told }) };
  await matchesGolden(goldenOf(dir, 'valid', name), `${JSON.stringify(actual, null, 2)}\n`);
}

/** A pipeline of `invalid` becomes no plan, and gets the diagnostics that stand beside it. */
export async function holdsMistakes(dir: string, name: string, result: Read): Promise<void> {
  assert.ok(!result.ok, 'a plan was made of it');
  await matchesGolden(goldenOf(dir, 'invalid', name), rendered(result.failure));
}

/** Nothing stands in these folders that belongs to no pipeline. */
export async function holdsNothingElse(dir: string): Promise<void> {
  for (const folder of ['valid', 'invalid'] as const) {
    const there = await readdir(join(dir, folder));
    const names = await pipelinesIn(join(dir, folder));
    const wanted = names.flatMap((name) => [name, name.replace('.yaml', endings[folder])]);
    assert.deepEqual(there.sort(), wanted.sort());
  }
}
