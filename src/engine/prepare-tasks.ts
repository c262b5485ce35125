import { ok } from '../base/result.ts';
import { holds } from '../expression/condition.ts';
import { isTask, nodesOfPlan } from '../plan/order.ts';
import { isLate } from './command-texts.ts';
import { toTaskWish } from './task-wish.ts';

import type { Recorder } from '../event/event.ts';
import type { Variables } from '../expression/fill.ts';
import type { Executor, TaskWish } from '../executor/executor.ts';
import type { Node, Plan, Stage } from '../plan/plan.ts';
import type { RunWorld } from './run.ts';
import type { WishWorld } from './task-wish.ts';

/**
 * Has every executor begin to get what its tasks will need. What has a condition that does not hold by
 * now waits until its turn comes.
 */
export function prepareTasks(
  plan: Plan,
  {
    recorder,
    signal,
    executorFor,
    ...wishes
  }: Pick<RunWorld, 'executorFor'> & WishWorld & { recorder: Recorder; signal: AbortSignal },
): void {
  const wanted = new Map<Executor, TaskWish[]>();
  const likely = new Set(likelyNodes(plan.stages, wishes.variables));
  for (const node of nodesOfPlan(plan)) {
    if (!isTask(node)) continue;
    const executor = executorFor(node.command);
    wanted.set(executor, wanted.get(executor) ?? []);
    if (!likely.has(node) || isLate(node.command, wishes.variables)) continue;
    // What is no wish at all is told when it is its turn.
    const wish = toTaskWish(node.command, wishes);
    if (wish.ok) wanted.get(executor)!.push(wish.value);
  }
  for (const [executor, all] of wanted)
    executor.prepare(
      all,
      (progress) => recorder.event({ type: 'image.progress', progress }),
      signal,
    );
}

/** The nodes that run as things stand: what is for a failure does not. */
function* likelyNodes(
  placed: readonly (Node | Stage)[],
  variables: Variables,
): Generator<Node | Stage> {
  for (const one of placed) {
    const held = one.when ? holds(one.when, variables) : ok(true);
    if (!held.ok || !held.value || one.after === 'failure') continue;
    yield one;
    if ('root' in one) yield* likelyNodes(one.root.members, variables);
    else if (one.kind === 'group') yield* likelyNodes(one.members, variables);
  }
}
