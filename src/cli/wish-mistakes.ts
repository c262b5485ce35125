import { isLate } from '../engine/command-texts.ts';
import { variablesOfRun } from '../engine/facts.ts';
import { fillRegistries } from '../engine/images.ts';
import { toTaskWish } from '../engine/task-wish.ts';
import { Mistakes, nameOf } from '../expression/mistakes.ts';
import { isTask, nodesOfPlan } from '../plan/order.ts';

import type { WishWorld } from '../engine/task-wish.ts';
import type { Variables } from '../expression/fill.ts';
import type { PlanMistake } from '../expression/mistakes.ts';
import type { Node, Plan, Stage, TaskNode } from '../plan/plan.ts';

/** What fills the surroundings of a plan's commands before its run. */
export function wishWorldOf({ stages, registries = [] }: Plan, given: Variables): WishWorld {
  const told = stages.flatMap(({ around }) => around?.environment ?? []);
  // It has no id yet; any other is as good to see whether there are mistakes.
  const variables = variablesOfRun({ told, runId: 'run', variables: given });
  return { variables, registries: fillRegistries(registries, variables) };
}

/**
 * What steps and services ask of their surroundings and is none with these variables: an image without a
 * name, say. What stands behind a condition may never be asked for: it is told when its turn comes.
 * Copies of what was written are told as one.
 */
export function wishMistakes(plan: Plan, written: Plan, given: Variables): readonly PlanMistake[] {
  const world = wishWorldOf(plan, given);
  const mistakes = new Mistakes();
  for (const node of certainTasks(plan.stages)) {
    if (isLate(node.command, world.variables)) continue;
    const wish = toTaskWish(node.command, world);
    if (wish.ok) continue;
    const message = `${nameOf(writtenAs(node, written))}: ${wish.failure}`;
    mistakes.tell({ where: node.where, message });
  }
  return mistakes.all;
}

/** What launches a command and has no condition, nor stands within what has one. */
function* certainTasks(placed: readonly (Node | Stage)[]): Generator<TaskNode> {
  for (const one of placed) {
    if (one.when) continue;
    if ('root' in one) yield* certainTasks(one.root.members);
    else if (one.kind === 'group') yield* certainTasks(one.members);
    else if (isTask(one)) yield one;
  }
}

/** The node that this one is or is a copy of. */
const writtenAs = (node: TaskNode, written: Plan): Node =>
  nodesOfPlan(written).find(
    ({ id, where }) =>
      (node.id === id || node.id.startsWith(`${id}-`)) &&
      where.file === node.where.file &&
      where.line === node.where.line &&
      where.column === node.where.column,
  ) ?? node;
