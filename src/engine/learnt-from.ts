import { nodesOf } from '../plan/order.ts';

import type { Node } from '../plan/plan.ts';

/** The variables that the run learns from a node and from everything in it. */
export function learntFrom(node: Node): readonly string[] {
  const all = node.kind === 'group' ? [node, ...nodesOf(node)] : [node];
  return all.flatMap((one) => [
    ...(one.outcomeAs === undefined ? [] : [one.outcomeAs]),
    ...(one.kind === 'run' ? (one.outputs ?? []).map(({ as }) => as) : []),
    ...(one.kind === 'approval' ? one.inputs.map(({ as }) => as) : []),
  ]);
}
