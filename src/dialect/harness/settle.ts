import { holdsInput } from './input-notation.ts';
import { giveInputs } from './give-inputs.ts';
import { resolveTemplates } from './templates.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Source } from '../common/source.ts';
import type { Tree } from '../common/tree.ts';
import type { GivenInputs } from './inputs-given.ts';
import type { LateInput } from './late-inputs.ts';
import type { ReadTemplates } from './template-library.ts';

/** What a pipeline file leaves open, and where that comes from. */
export interface SettleOptions {
  /** Absent: there are no templates. */
  readonly templates?: ReadTemplates;
  /** Absent: nothing is given, and nobody can be asked. */
  readonly inputs?: GivenInputs;
  /** The paths of inputs that cannot wait, though they would. Absent: there are none. */
  readonly early?: ReadonlySet<string>;
}

export interface Settled {
  /** The same with every template written out and every `<+input>` replaced by what was given. */
  readonly tree: Tree;
  /** The files besides that places in `tree` and in the findings may stand in. */
  readonly sources: readonly Source[];
  /** The inputs that wait for their turn, by the words that stand for them in `tree`. */
  readonly late: ReadonlyMap<string, LateInput>;
}

/**
 * What a pipeline comes to once its templates are written out and its inputs given. What is wrong is
 * in `findings`; the place of it is still there in the tree, so that the rest can be read as well.
 */
export async function settle(
  tree: Tree,
  findings: Findings,
  { templates, inputs, early }: SettleOptions = {},
): Promise<Settled> {
  const resolved = await resolveTemplates(tree, findings, templates);
  // Most pipelines ask for nothing, and to walk through a large one takes its time.
  const texts = [findings.source, ...resolved.sources];
  const asks = texts.some(({ text }) => holdsInput(text));
  const gives = inputs !== undefined && inputs.values.length + inputs.files.length > 0;
  if (!asks && !gives) return { ...resolved, late: new Map() };
  const given = await giveInputs(resolved.tree, findings, inputs, early);
  return { ...given, sources: [...resolved.sources, ...given.sources] };
}
