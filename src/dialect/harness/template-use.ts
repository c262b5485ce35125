import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { child, keysOf, members, ownerSpan, textOf, textsOf, valueSpan } from '../common/tree.ts';
import { withEntries } from './make-tree.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Entry, MapTree, Spot } from '../common/tree.ts';
import type { Template } from './template-library.ts';

/** What templates can be used as, and what each calls itself. */
export const kinds = {
  pipeline: 'Pipeline',
  stage: 'Stage',
  stepGroup: 'StepGroup',
  step: 'Step',
} as const;

export type Kind = keyof typeof kinds;

/** What stands under `template` where one is used. */
export interface Use {
  readonly ref: string;
  readonly refSpot: Spot;
  readonly version: string | undefined;
  readonly versionSpot: Spot | undefined;
  readonly given: Spot | undefined;
}

const useKeys = ['templateRef', 'versionLabel', 'templateInputs', 'gitBranch'];

/** `undefined` when it does not say which. */
export function readUse(spot: Spot, findings: Findings): Use | undefined {
  for (const key of keysOf(spot)) tellKey(key, child(spot, key)!, findings);
  const refSpot = child(spot, 'templateRef');
  const ref = textOf(refSpot)?.trim();
  if (!refSpot || ref === undefined || ref === '' || ref.includes('<+')) {
    findings.error(
      refSpot ? valueSpan(refSpot) : ownerSpan(spot),
      refSpot ? '`templateRef` must be the name of a template' : '`templateRef` is missing',
      { hint: 'it is `name`, `org.name` or `account.name`, and known before the run' },
    );
    return undefined;
  }
  const versionSpot = child(spot, 'versionLabel');
  const version = textOf(versionSpot)?.trim();
  return {
    ref,
    refSpot,
    version: version === '' ? undefined : version,
    versionSpot,
    given: child(spot, 'templateInputs'),
  };
}

function tellKey(key: string, spot: Spot, findings: Findings): void {
  if (key === 'gitBranch')
    findings.warning(
      ownerSpan(spot),
      'the template is read as it is on disk, not from this branch',
    );
  if (useKeys.includes(key)) return;
  const near = nearest(key, useKeys);
  findings.warning(ownerSpan(spot), `\`${brief(key)}\` says nothing here: it is not read`, {
    hint: near === undefined ? `known here: ${useKeys.join(', ')}` : `did you mean \`${near}\`?`,
  });
}

/** Keys that belong to whoever uses a template. */
const ownKeys: Readonly<Record<Kind, ReadonlySet<string>>> = {
  pipeline: new Set([
    ...['identifier', 'name', 'description', 'tags', 'projectIdentifier', 'orgIdentifier'],
    ...['allowStageExecutions', 'fixedInputsOnRerun', 'notificationRules'],
  ]),
  stage: new Set(['identifier', 'name', 'description', 'tags']),
  stepGroup: new Set(['identifier', 'name', 'description']),
  step: new Set(['identifier', 'name', 'description']),
};

/** What a template may let its users say besides. */
const overrides: Readonly<Record<string, string>> = {
  ConditionalExecution: 'when',
  LoopingStrategy: 'strategy',
  FailureStrategy: 'failureStrategies',
  PolicyEnforcement: 'enforce',
  DelegateSelectors: 'delegateSelectors',
};

/** What a template says, as a part of the pipeline of whoever uses it: `spec` is what it comes to there. */
export function mergedUse(
  kind: Kind,
  user: MapTree,
  spec: MapTree,
  template: Template,
  findings: Findings,
): MapTree {
  const allowed = allowedOf(template);
  const entries = new Map<string, Entry>();
  for (const [key, entry] of user.entries) if (ownKeys[kind].has(key)) entries.set(key, entry);
  for (const [key, entry] of spec.entries)
    if (key !== 'identifier' && key !== 'name') entries.set(key, entry);
  for (const [key, entry] of user.entries) {
    if (key === 'template' || ownKeys[kind].has(key)) continue;
    if (allowed.has(key)) entries.set(key, entry);
    else tellOverride(key, entry, template, findings);
  }
  return withEntries(user, entries);
}

const allowedOf = ({ root }: Template): ReadonlySet<string | undefined> =>
  new Set(
    textsOf(child(root, 'allowedOverrides')).map((name) =>
      Object.hasOwn(overrides, name) ? overrides[name] : undefined,
    ),
  );

function tellOverride(
  key: string,
  { key: span }: Entry,
  { root }: Template,
  findings: Findings,
): void {
  const name = Object.entries(overrides).find(([, one]) => one === key)?.[0];
  const list = child(root, 'allowedOverrides');
  findings.warning(span, `\`${brief(key)}\` beside \`template\` changes nothing`, {
    hint:
      name === undefined
        ? 'what the template leaves open is given in `templateInputs`'
        : `the template lets its users say it when its \`allowedOverrides\` have ${name}`,
    ...(list &&
      members(list).length > 0 && {
        related: [{ message: 'what the template lets its users say', span: ownerSpan(list) }],
      }),
  });
}
