import { toServiceRules } from '../common/to-service.ts';
import { toMs } from '../common/values.ts';
import { child, textOf, textsOf } from '../common/tree.ts';
import { toCommand } from './to-command.ts';

import type { Node, Where } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { WrittenStep } from './schema.ts';

/** The step or service that a well-formed `step:` stands for. */
export function toNode(step: WrittenStep, spot: Spot, where: Where): Node {
  const name = textOf(child(spot, 'name')) ?? '';
  const common = {
    id: name,
    name,
    where,
    command: toCommand(step, spot),
    needs: textsOf(child(spot, 'needs')),
  };
  if (step.background === true) {
    const keys = { ...step, onExit: step['on-exit'] };
    return { kind: 'service', ...common, ...toServiceRules(keys, child(spot, 'ready')) };
  }
  const { timeout, retry } = step;
  return {
    kind: 'run',
    ...common,
    ...(timeout !== undefined && { timeoutMs: toMs(timeout) }),
    ...(retry && { retry: { attempts: retry.iterations, backoffMs: toMs(retry.backoff ?? 0) } }),
    continueOnFail: step['continue-on-fail'] ?? false,
  };
}
