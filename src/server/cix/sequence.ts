import { shortIdOf } from '../../base/short-id.ts';
import { isTask, nodesOfPlan } from '../../plan/order.ts';
import { lostStepStatus, stepStatus } from './status.ts';

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
  readonly service?: ServiceState | 'lost';
}

/**
 * What CIX's `describe` shows of a run: its groups and steps in the order of the file. Of a run that is lost nothing
 * goes on any more, and nothing comes.
 */
export function toSequence(view: RunView, isLost = false): Sequence {
  const keys = keysOf(view.plan);
  return {
    name: `Pipeline ${shortIdOf(view.run)}`,
    ...tree({ view, isLost }),
    ...(keys.length > 0 && { environment_keys: keys }),
  };
}

interface Seen {
  readonly view: RunView;
  readonly isLost: boolean;
}

/** A pipeline of several stages, which CIX has no word for, is a group of them. */
function tree(seen: Seen): Omit<Sequence, 'name'> {
  const { stages } = seen.view.plan;
  const [only, ...others] = stages;
  if (only && others.length === 0) return members(only.root, seen);
  const steps = stages.map(({ name, root }) => ({ name, ...members(root, seen) }));
  return { steps };
}

const members = (group: Group, seen: Seen): Omit<Sequence, 'name'> => ({
  steps: group.members.map((node) => toItem(node, seen)),
  ...(group.order === 'parallel' && { parallel: true }),
});

function toItem(node: Node, seen: Seen): Sequence | SequenceStep {
  const { name } = node;
  if (node.kind === 'group') return { name, ...members(node, seen) };
  const now = seen.view.nodes.get(node.id);
  if (!now || now.kind === 'group') return { name, status: 'ready' };
  const { state } = now;
  const isLost = seen.isLost && state !== 'pending' && state !== 'ended';
  const status = seen.isLost ? lostStepStatus(now) : stepStatus(now);
  const service = now.kind === 'service' && {
    background: true as const,
    service: isLost ? ('lost' as const) : now.state,
  };
  return { name, status, ...service };
}

const keysOf = (plan: Plan): readonly string[] => [
  ...new Set(
    nodesOfPlan(plan)
      .filter(isTask)
      .flatMap(({ command }) => command.environment.map(({ name }) => name)),
  ),
];
