import { nodesOf } from '../plan/order.ts';

import type { Recorder, RunEvent } from '../event/event.ts';
import type { StepOutcome } from '../event/outcome.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * A recorder that, besides, puts the outcomes of a plan's stages and nodes into the variables that are
 * to hold them, as soon as they are told.
 */
export function learningOutcomes(
  plan: Plan,
  recorder: Recorder,
  learn: (name: string, value: string) => void,
): Recorder {
  const names = namesOf(plan);
  if (names.size === 0) return recorder;
  return {
    event(event) {
      const told = outcomeIn(event);
      const name = told && names.get(told.of);
      if (name !== undefined) learn(name, told!.outcome);
      recorder.event(event);
    },
    hide: (secrets) => recorder.hide(secrets),
    output: (task, options) => recorder.output(task, options),
  };
}

function namesOf({ stages }: Plan): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const take = (of: string, { outcomeAs }: { readonly outcomeAs?: string }): void => {
    if (outcomeAs !== undefined) names.set(of, outcomeAs);
  };
  for (const stage of stages) {
    take(`stage ${stage.id}`, stage);
    for (const node of nodesOf(stage.root)) take(node.id, node);
  }
  return names;
}

function outcomeIn(
  event: RunEvent,
): { readonly of: string; readonly outcome: StepOutcome } | undefined {
  switch (event.type) {
    case 'stage.ended':
      return { of: `stage ${event.stage}`, outcome: event.outcome };
    case 'group.ended':
      return { of: event.group, outcome: event.outcome };
    case 'step.ended':
      return { of: event.step, outcome: event.outcome };
    // A service has done its part once it runs, unless its end is a failure.
    case 'service.running':
      return { of: event.service, outcome: 'succeeded' };
    case 'service.ended': {
      const { service: of, end, verdict } = event;
      if (end.kind === 'skipped') return { of, outcome: 'skipped' };
      return verdict === 'fail' ? { of, outcome: 'failed' } : undefined;
    }
    default:
      return undefined;
  }
}
