import { fail, ok } from '../base/result.ts';
import { atPlace } from '../dialect/common/at-place.ts';
import { expandPlan } from '../expression/expand.ts';
import { isTask } from '../plan/order.ts';

import type { Result } from '../base/result.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Source } from '../dialect/common/source.ts';
import type { Variables } from '../expression/fill.ts';
import type { Command, Node, Plan } from '../plan/plan.ts';

/** When registries are asked for an image, in CIX's words. */
export type PullPolicy = 'Default' | 'Always' | 'IfNotPresent' | 'Never';

export interface PlanWishes {
  /** For images whose own step does not say. */
  readonly pullPolicy?: PullPolicy;
  /** What the run is called instead of by its file. */
  readonly name?: string;
}

/**
 * Makes of a plan that was read what can be run with these variables: the last place to find a
 * mistake before anything starts.
 */
export function preparePlan(
  plan: Plan,
  variables: Variables,
  sourceOf: (file: string) => Source | undefined,
  { pullPolicy = 'Default', name = plan.name }: PlanWishes = {},
): Result<Plan, readonly Diagnostic[]> {
  const pull = pulls[pullPolicy];
  const expanded = expandPlan(plan, variables);
  if (!expanded.ok)
    return fail(expanded.failure.map((mistake) => atPlace(mistake, sourceOf(mistake.where.file))));
  const stages = expanded.value.stages.map((stage) => ({
    ...stage,
    root: withPull(stage.root, pull),
  }));
  return ok({ ...expanded.value, name, stages });
}

type Pull = 'always' | 'missing' | 'never';

const pulls: Readonly<Record<PullPolicy, Pull | undefined>> = {
  Default: undefined,
  Always: 'always',
  IfNotPresent: 'missing',
  Never: 'never',
};

function withPull<N extends Node>(node: N, pull: Pull | undefined): N {
  if (pull === undefined) return node;
  if (node.kind === 'group')
    return { ...node, members: node.members.map((member) => withPull(member, pull)) };
  return isTask(node) ? { ...node, command: commandWithPull(node.command, pull) } : node;
}

const commandWithPull = (command: Command, pull: Pull): Command =>
  command.image === undefined ? command : { ...command, container: { pull, ...command.container } };
