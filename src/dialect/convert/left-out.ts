import { Findings } from '../common/diagnostic.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { child, keysOf, members } from '../common/tree.ts';

import type { Source } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { Losses } from './losses.ts';

/** Keys of Harness of which nothing comes in a run here, and for which CIX has no word. */
const words: ReadonlySet<string> = new Set([
  ...['description', 'tags', 'properties', 'notificationRules', 'delegateSelectors', 'flowControl'],
  ...['caching', 'buildIntelligence', 'slsa_provenance', 'enforce', 'allowStageExecutions'],
  'fixedInputsOnRerun',
]);

/** Maps with names of the author's. */
const named: ReadonlySet<string> = new Set(['envVariables', 'portBindings', 'matrix']);

/** Tells of what stands in a Harness file and is nowhere in its plan, each key once. */
export function tellLeftOut(source: Source, losses: Losses, hasConnectors: boolean): void {
  const tree = parseYaml(new Findings(source));
  const visit = (spot: Spot): void => {
    for (const item of members(spot)) visit(item);
    for (const key of keysOf(spot)) {
      const inside = child(spot, key)!;
      if (words.has(key)) losses.onceAt(source, inside, `\`${key}\` is left out`);
      else if (key === 'connectorRef' && !hasConnectors)
        losses.onceAt(
          source,
          inside,
          '`connectorRef` is left out',
          'with `--connectors`, names of images come to have their registries',
        );
      else if (!named.has(key)) visit(inside);
    }
  };
  if (tree) visit({ tree });
}
