import { shortIdOf } from '../../base/short-id.ts';
import { isTask, nodesOfPlan } from '../../plan/order.ts';
import { stepStatus } from './status.ts';

import type { RunView, ServiceState } from '../../event/view.ts';
import type { Group, Node, Plan } from '../../plan/plan.ts';
import type { CixStepStatus } from './status.ts';

/** A pipeline or a group as CIX describes it. */
export interface Sequence {
  readonly name: string;
  readonly steps: readonly (Sequence | SequenceStep)[];
  /** Only where it is so. */
  readonly parallel?: true;
  /** The variables that its steps ask for; at the top only. */
  readonly environment_keys?: readonly string[];
}

/** A step as CIX describes it. CIX says nothing of the last two. */
export interface SequenceStep {
  readonly name: string;
  readonly status: CixStepStatus;
  /** It is a service, */
  readonly background?: true;
  /** and is in this state. */
  readonly service?: ServiceState;
}

/** What CIX's `describe` shows of a run: its groups and steps in the order of the file. */
export function toSequence(view: RunView): Sequence {
  const keys = keysOf(view.plan);
  return {
    name: `Pipeline ${shortIdOf(view.run)}`,
    ...tree(view),
    ...(keys.length > 0 && { environment_keys: keys }),
  };
}

/** A pipeline of several stages, which CIX has no word for, is a group of them. */
function tree(view: RunView): Omit<Sequence, 'name'> {
  const [only, ...others] = view.plan.stages;
  if (only && others.length === 0) return members(only.root, view);
  const steps = view.plan.stages.map(({ name, root }) => ({ name, ...members(root, view) }));
  return { steps };
}

const members = (group: Group, view: RunView): Omit<Sequence, 'name'> => ({
  steps: group.members.map((node) => toItem(node, view)),
  ...(group.order === 'parallel' && { parallel: true }),
});

function toItem(node: Node, view: RunView): Sequence | SequenceStep {
  const { name } = node;
  if (node.kind === 'group') return { name, ...members(node, view) };
  const seen = view.nodes.get(node.id);
  if (!seen || seen.kind === 'group') return { name, status: 'ready' };
  const service = seen.kind === 'service' && { background: true as const, service: seen.state };
  return { name, status: stepStatus(seen), ...service };
}

const keysOf = (plan: Plan): readonly string[] => [
  ...new Set(
    nodesOfPlan(plan)
      .filter(isTask)
      .flatMap(({ command }) => command.environment.map(({ name }) => name)),
  ),
];
