import { fail, ok } from '../../base/result.ts';
import { Findings } from '../common/diagnostic.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { toSource } from '../common/source.ts';
import { whyNotGiven } from './input-notation.ts';
import { allAt, textAt } from './make-tree.ts';

import type { Result } from '../../base/result.ts';
import type { Tree } from '../common/tree.ts';
import type { InputNotation } from './input-notation.ts';
import type { InputPlace } from './input-places.ts';

/** A text as what its place wants, at that place. A failure is what is wrong with it, as a clause. */
export function valueOfText(
  text: string,
  { scalar, isYaml }: Pick<InputPlace, 'scalar' | 'isYaml'>,
): Result<Tree, string> {
  if (!isYaml || text.trim() === '') return ok(textAt(scalar.span, text));
  const findings = new Findings(toSource('', text));
  const tree = parseYaml(findings);
  const [mistake] = findings.all();
  if (!tree || mistake) return fail(`is not YAML: ${mistake?.message ?? 'nothing is in it'}`);
  return ok(allAt(scalar.span, tree));
}

/** What is wrong with a value, as what is expected of it. */
export function whyNotTaken(notation: InputNotation, tree: Tree): string | undefined {
  switch (tree.kind) {
    case 'scalar':
      return whyNotGiven(notation, tree.text);
    case 'list':
      return tree.items
        .map((item) => whyNotTaken(notation, item.tree))
        .find((wrong) => wrong !== undefined);
    case 'map':
      return undefined;
  }
}
