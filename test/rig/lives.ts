import { nodesOf } from '../../src/plan/order.ts';

import type { Recorded, RunEvent } from '../../src/event/event.ts';
import type { Group, Node, Stage } from '../../src/plan/plan.ts';

type Event = Recorded<RunEvent>;

/** The groups that a node stands in, the outermost first; not the root of its stage. */
export function groupsAround(node: Node, { root }: Stage): readonly Group[] {
  return [...nodesOf(root)].filter(
    (one): one is Group => one.kind === 'group' && [...nodesOf(one)].includes(node),
  );
}

/**
 * The events parted where a node begins anew, since a group around it is attempted again: what holds
 * for a node holds in each of these parts.
 */
export function livesOf(node: Node, stage: Stage, events: readonly Event[]): readonly Event[][] {
  const around = groupsAround(node, stage).map(({ id }) => id);
  const lives: Event[][] = [[]];
  for (const event of events) {
    const isAgain = event.type === 'group.started' && (event.attempt ?? 1) > 1;
    if (isAgain && around.includes(event.group)) lives.push([]);
    lives.at(-1)!.push(event);
  }
  return lives;
}
