import { unreachable } from '../base/unreachable.ts';

import type { SkipReason } from '../event/outcome.ts';
import type { Node } from '../plan/plan.ts';
import type { Surroundings } from './attempt.ts';
import type { StageContext } from './run-context.ts';

/** Says of a node and everything below it that it does not run, and why. */
export function skip(
  node: Node,
  because: SkipReason,
  context: StageContext,
  around: Surroundings,
): void {
  const { recorder, services } = context;
  const skipped = { outcome: 'skipped', because } as const;
  switch (node.kind) {
    case 'service':
      services.get(node.id)!.skip(because, around);
      return;
    case 'run':
    case 'wait':
    case 'approval':
      recorder.event({ type: 'step.ended', step: node.id, ...skipped });
      return;
    case 'group': {
      recorder.event({ type: 'group.ended', group: node.id, ...skipped });
      const isOwn = because.kind === 'condition' && because.group === undefined;
      const below = isOwn ? { ...because, group: node.id } : because;
      for (const member of node.members) skip(member, below, context, around);
      return;
    }
    default:
      unreachable(node);
  }
}
