import { ok } from '../base/result.ts';
import { unreachable } from '../base/unreachable.ts';
import { holds } from '../expression/condition.ts';
import { askInputs, forCondition, whyUnanswered } from './ask-inputs.ts';
import { Branch } from './attempt.ts';
import { passBarrier } from './barrier.ts';
import { Places } from './places.ts';
import { prepareNext } from './prepare-next.ts';
import { refuseGroup, runGroup } from './group.ts';
import { refuseStep, runStep } from './step.ts';
import { skip } from './skip.ts';

import type { StepOutcome } from '../event/outcome.ts';
import type { Group, Node } from '../plan/plan.ts';
import type { Surroundings } from './attempt.ts';
import type { NoAnswer } from './ask-person.ts';
import type { StageContext } from './run-context.ts';

/**
 * Runs the members of a group in its order, and answers whether all of them came to a good end. Whatever
 * its surroundings no longer want is skipped.
 */
export async function runMembers(
  group: Group,
  context: StageContext,
  around: Surroundings,
): Promise<boolean> {
  const { order, members } = group;
  const outcomes: StepOutcome[] = [];
  if (order === 'parallel') outcomes.push(...(await runBeside(group, context, around)));
  else {
    for (const [index, member] of members.entries()) {
      const running = runNode(member, context, around);
      if (!around.signal.aborted)
        prepareNext(member, members.slice(index + 1), context, around.signal);
      outcomes.push(await running);
      context.gate.passed(member);
    }
  }
  return outcomes.every(isGood);
}

/** Runs members at once, or as many of them as their group says; each begins as soon as there is room. */
async function runBeside(
  { members, atOnce = Infinity }: Group,
  context: StageContext,
  around: Surroundings,
): Promise<StepOutcome[]> {
  const places = new Places(atOnce);
  const running = members.map((member) => {
    // How things went before is known now, whenever its place is free.
    const branch = new Branch(around);
    return places.take(async (leave) => {
      const outcome = await runNode(member, context, branch);
      context.gate.passed(member);
      if (member.kind === 'service') void context.services.get(member.id)!.begun().then(leave);
      else leave();
      return outcome;
    });
  });
  return Promise.all(running);
}

/**
 * Runs a node if it is wanted and its condition holds, as soon as the run is not paused. A service is
 * only started.
 */
async function runNode(
  node: Node,
  context: StageContext,
  around: Surroundings,
  isHere = false,
): Promise<StepOutcome> {
  const { gate } = context;
  if (around.signal.aborted) {
    skip(node, around.skipReason, context, around);
    return 'cancelled';
  }
  if (around.course?.lets(node.after) === false) {
    const isForFailure = node.after === 'failure';
    skip(node, { kind: isForFailure ? 'success' : 'failure' }, context, around);
    return isForFailure ? 'skipped' : 'cancelled';
  }
  const early = node.asks && (await askInputs(forCondition(node), context, around.signal));
  if (early) return await unanswered(early);
  const held = node.when ? holds(node.when, context.variables) : ok(true);
  if (held.ok && !held.value) {
    skip(node, { kind: 'condition' }, context, around);
    return 'skipped';
  }
  if (gate.holdsUp(node, isHere)) {
    // What it stops before has its services up.
    if (node.kind !== 'service' && node.kind !== 'group')
      await passBarrier(node, context, around.signal);
    await gate.wait(node, isHere, around.signal);
    // Things may have changed meanwhile.
    return await runNode(node, context, around, true);
  }
  gate.pass(node);
  if (!held.ok) return await refuse(node, `its condition cannot be decided: ${held.failure}`);
  switch (node.kind) {
    case 'service': {
      const missing = node.asks && (await askInputs(node, context, around.signal));
      if (missing) return await unanswered(missing);
      context.services.get(node.id)!.start(around);
      return 'succeeded';
    }
    case 'run':
    case 'wait':
    case 'approval':
      return await runStep(node, context, around);
    case 'group': {
      const missing = node.asks && (await askInputs(node, context, around.signal));
      if (missing) return await unanswered(missing);
      return await runGroup(node, context, around, runMembers);
    }
    default:
      return unreachable(node);
  }

  async function unanswered(why: NoAnswer): Promise<StepOutcome> {
    if (why.kind === 'cancelled') {
      skip(node, around.skipReason, context, around);
      return 'cancelled';
    }
    return await refuse(node, whyUnanswered(why));
  }

  async function refuse(refused: Node, detail: string): Promise<StepOutcome> {
    switch (refused.kind) {
      case 'service':
        context.services.get(refused.id)!.refuse(detail, around);
        return 'succeeded';
      case 'run':
      case 'wait':
      case 'approval':
        return await refuseStep(refused, detail, context, around);
      case 'group':
        return refuseGroup(refused, detail, context, around);
      default:
        return unreachable(refused);
    }
  }
}

const isGood = (outcome: StepOutcome): boolean =>
  outcome === 'succeeded' || outcome === 'ignored' || outcome === 'skipped';
