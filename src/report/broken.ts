import { nodesOf, nodesOfPlan } from '../plan/order.ts';
import { causeTask, stepsDuringEnd } from './describe-cause.ts';

import type { RunView } from '../event/view.ts';
import type { Group } from '../plan/plan.ts';

/** The service that is the cause, or that could not start and is the cause by that. */
export function brokenService(view: RunView): string | undefined {
  const task = causeTask(view);
  return task !== undefined && view.nodes.get(task)?.kind === 'service' ? task : undefined;
}

/** The steps whose output belongs to the failure. */
export function brokenSteps(view: RunView): readonly string[] {
  if (view.cause?.kind === 'step') return [view.cause.step];
  if (view.cause?.kind === 'group') return cancelledIn(view, groupNamed(view, view.cause.group));
  if (view.cause?.kind === 'stage') return cancelledIn(view, stageNamed(view, view.cause.stage));
  if (view.cause?.kind === 'run')
    return view.plan.stages.flatMap(({ root }) => cancelledIn(view, root));
  const service = brokenService(view);
  if (service !== undefined) return stepsDuringEnd(view, service);
  return [...view.nodes.values()]
    .filter((node) => node.kind === 'step')
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'timed-out')
    .map(({ id }) => id);
}

const groupNamed = ({ plan }: RunView, group: string): Group | undefined =>
  nodesOfPlan(plan).find((node) => node.kind === 'group' && node.id === group) as Group | undefined;

const stageNamed = ({ plan }: RunView, stage: string): Group | undefined =>
  plan.stages.find(({ id }) => id === stage)?.root;

/** The steps that a group took along when its time was up. */
function cancelledIn(view: RunView, group: Group | undefined): readonly string[] {
  if (!group) return [];
  return [...nodesOf(group)]
    .map(({ id }) => view.nodes.get(id))
    .filter((node) => node?.kind === 'step' && node.outcome === 'cancelled')
    .map((node) => node!.id);
}
