import { child, ownerSpan, textOf, valueSpan } from '../common/tree.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';

type Dialect = 'v0' | 'unified' | 'gitness' | 'drone';

function dialectOf(root: Spot): Dialect | undefined {
  const pipeline = child(root, 'pipeline')?.tree.kind;
  const version = textOf(child(root, 'version'));
  if (pipeline === 'map') return version === undefined ? 'v0' : 'unified';
  if (pipeline !== undefined || textOf(child(root, 'kind')) !== 'pipeline') return undefined;
  const spec = child(root, 'spec');
  return spec && child(spec, 'stages') ? 'gitness' : 'drone';
}

const others = {
  unified: 'is in the unified language of Harness, `version: 1`',
  gitness: 'is a pipeline of Gitness, `kind: pipeline` with `spec`',
  drone: 'is a pipeline of Drone, `kind: pipeline`',
} as const satisfies Record<Exclude<Dialect, 'v0'>, string>;

/** Reports a file of Harness's that is in none of the languages which are read. Answers whether it is read. */
export function checkDialect(root: Spot, findings: Findings): boolean {
  const dialect = dialectOf(root);
  if (dialect === 'v0') return true;
  const spot = child(root, 'version') ?? child(root, 'kind') ?? root;
  if (dialect)
    findings.error(valueSpan(spot), `this file ${others[dialect]}, which is not read yet`, {
      hint: 'what is read is a `pipeline:` with `stages:`, without `version`',
    });
  else if (child(root, 'template'))
    findings.error(ownerSpan(child(root, 'template')!), 'this is a template, and no pipeline', {
      hint: 'a pipeline uses it by `template: {templateRef: …}`',
    });
  else
    findings.error(valueSpan(child(root, 'pipeline') ?? root), 'this is no pipeline of Harness', {
      hint: 'it has a map under `pipeline:`, with `identifier`, `name` and `stages`',
    });
  return false;
}
