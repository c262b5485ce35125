import { openInputs } from './ask-inputs.ts';
import { mentions } from '../plan/mentions.ts';
import { nodesOf } from '../plan/order.ts';
import { prepareLaunch } from './launch.ts';
import { learntFrom } from './learnt-from.ts';

import type { Node, RunStep } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/**
 * Lets executors begin with the next steps while the present one runs: with two of them, since to
 * begin with one takes longer than a short step. Not with one that asks for what the run learns before it.
 */
export function prepareNext(
  present: Node,
  members: readonly Node[],
  context: StageContext,
  signal: AbortSignal,
): void {
  const learnt = new Set(learntFrom(present));
  for (const step of nextSteps(members, context).steps.slice(0, stepsAhead)) {
    if (!mentions(step, learnt)) prepareLaunch(step, context, signal);
    for (const name of learntFrom(step)) learnt.add(name);
  }
}

const stepsAhead = 2;

interface Ahead {
  readonly steps: readonly RunStep[];
  /** Nothing is known of what stands behind them. */
  readonly isEnd: boolean;
}

/**
 * The steps that come next whatever happens but a failure, up to where several run at once, or where a
 * service is perhaps skipped: those behind it are told of it or not; or up to where a person is asked.
 */
function nextSteps(members: readonly Node[], context: StageContext): Ahead {
  const steps: RunStep[] = [];
  for (const member of members) {
    if (openInputs(member, context).length > 0) return { steps, isEnd: true };
    if (member.when || member.after === 'failure') {
      const all = member.kind === 'group' ? [...nodesOf(member)] : [member];
      if (all.some(({ kind }) => kind === 'service')) return { steps, isEnd: true };
    } else if (member.kind === 'run') steps.push(member);
    else if (member.kind === 'group') {
      if (member.order === 'parallel') return { steps, isEnd: true };
      const inside = nextSteps(member.members, context);
      steps.push(...inside.steps);
      if (inside.isEnd) return { steps, isEnd: true };
    }
  }
  return { steps, isEnd: false };
}
