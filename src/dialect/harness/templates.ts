import type { Findings } from '../common/diagnostic.ts';
import type { Source } from '../common/source.ts';
import type { Tree } from '../common/tree.ts';
import type { ReadTemplates } from './template-library.ts';

/** Writes out every template that a pipeline uses. */
export async function resolveTemplates(
  tree: Tree,
  _findings: Findings,
  _read?: ReadTemplates,
): Promise<{ readonly tree: Tree; readonly sources: readonly Source[] }> {
  await Promise.resolve();
  return { tree, sources: [] };
}
