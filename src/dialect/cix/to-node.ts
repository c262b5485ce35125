import { toServiceRules } from '../common/to-service.ts';
import { child, textOf, textsOf } from '../common/tree.ts';
import { toCommand } from './to-command.ts';
import { toAttempts, toTurn } from './to-repeat.ts';

import type { Node, Where } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { PlaceOf } from './quantity-keys.ts';
import type { WrittenStep } from './schema.ts';

/** The step or service that a well-formed `step:` stands for. */
export function toNode(
  step: WrittenStep,
  spot: Spot,
  { where, placeOf }: { readonly where: Where; readonly placeOf: PlaceOf },
): Node {
  const name = textOf(child(spot, 'name')) ?? '';
  const common = {
    id: name,
    name,
    where,
    ...toTurn(spot, placeOf),
    command: toCommand(step, spot),
    needs: textsOf(child(spot, 'needs')),
  };
  if (step.background === true) {
    const keys = { ...step, onExit: step['on-exit'] };
    return { kind: 'service', ...common, ...toServiceRules(keys, child(spot, 'ready')) };
  }
  return { kind: 'run', ...common, continueOnFail: false, ...toAttempts(spot, placeOf) };
}
