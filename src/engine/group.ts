import { unreachable } from '../base/unreachable.ts';
import { nodesOf } from '../plan/order.ts';
import { prepareLaunch } from './launch.ts';
import { runStep } from './step.ts';
import { stopServices } from './stop-services.ts';

import type { StepOutcome } from '../event/outcome.ts';
import type { Group, Node, RunStep } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/**
 * Runs the members of a group in its order, and ends the services whose scope it is. What stands
 * behind a failure is skipped; what stands beside it is cancelled by the run's own signal.
 */
export async function runMembers(
  group: Group,
  context: StageContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const outcome =
    group.order === 'serial'
      ? await runInTurn(group.members, context, signal)
      : await runTogether(group.members, context, signal);
  const closing = group.members
    .filter((member) => member.kind === 'service')
    .filter(({ scope }) => scope === 'group')
    .map(({ id }) => context.services.get(id)!);
  await stopServices(closing);
  return outcome;
}

async function runInTurn(
  members: readonly Node[],
  context: StageContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  let outcome: StepOutcome = 'succeeded';
  for (const [index, member] of members.entries()) {
    if (isBad(outcome)) {
      skip(member, context);
      continue;
    }
    const running = runNode(member, context, signal);
    prepareNext(members.slice(index + 1), context);
    const own = await running;
    if (isBad(own)) outcome = own;
  }
  return outcome;
}

/**
 * Lets executors begin with the next steps while the present one runs: with two of them, since to
 * begin with one takes longer than a short step.
 */
function prepareNext(members: readonly Node[], context: StageContext): void {
  for (const step of nextSteps(members).slice(0, stepsAhead)) prepareLaunch(step, context);
}

const stepsAhead = 2;

/** The steps that come next whatever happens but a failure, up to where several run at once. */
function nextSteps(members: readonly Node[]): readonly RunStep[] {
  const steps: RunStep[] = [];
  for (const member of members) {
    if (member.kind === 'run') steps.push(member);
    if (member.kind !== 'group') continue;
    if (member.order === 'parallel') break;
    steps.push(...nextSteps(member.members));
  }
  return steps;
}

async function runTogether(
  members: readonly Node[],
  context: StageContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const outcomes = await Promise.all(members.map((member) => runNode(member, context, signal)));
  return (
    outcomes.find((outcome) => isBad(outcome) && outcome !== 'cancelled') ??
    outcomes.find(isBad) ??
    'succeeded'
  );
}

async function runNode(
  node: Node,
  context: StageContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  if (signal.aborted) {
    skip(node, context);
    return 'cancelled';
  }
  switch (node.kind) {
    case 'service':
      context.services.get(node.id)!.start();
      return 'succeeded';
    case 'run':
      return await runStep(node, context, signal);
    case 'group': {
      context.recorder.event({ type: 'group.started', group: node.id });
      const outcome = await runMembers(node, context, signal);
      context.recorder.event({ type: 'group.ended', group: node.id, outcome });
      return outcome;
    }
    default:
      return unreachable(node);
  }
}

/** Says of everything below a node that it will not run. */
function skip(node: Node, context: StageContext): void {
  for (const each of node.kind === 'group' ? [node, ...nodesOf(node)] : [node]) {
    if (each.kind === 'service') context.services.get(each.id)!.stop();
    else if (each.kind === 'run') {
      context.recorder.event({ type: 'step.ended', step: each.id, outcome: 'skipped' });
    } else context.recorder.event({ type: 'group.ended', group: each.id, outcome: 'skipped' });
  }
}

const isBad = (outcome: StepOutcome): boolean =>
  outcome === 'failed' || outcome === 'timed-out' || outcome === 'cancelled';
