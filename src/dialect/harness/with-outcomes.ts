import { outcomeAs } from './outputs.ts';

import type { Group, Node, Plan } from '../../plan/plan.ts';

/** The same with variables of the run for the outcomes that expressions ask for. */
export function withOutcomes(plan: Plan, asked: ReadonlySet<string>): Plan {
  if (asked.size === 0) return plan;
  const told = (id: string): { outcomeAs?: string } =>
    asked.has(id) ? { outcomeAs: outcomeAs(id) } : {};
  const node = (one: Node): Node =>
    one.kind === 'group' ? { ...group(one), ...told(one.id) } : { ...one, ...told(one.id) };
  const group = (one: Group): Group => ({ ...one, members: one.members.map(node) });
  return {
    ...plan,
    stages: plan.stages.map((stage) => ({ ...stage, root: group(stage.root), ...told(stage.id) })),
  };
}
