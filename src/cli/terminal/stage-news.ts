import { formatDuration } from '../../base/duration.ts';
import { groupFate } from '../../report/describe-cause.ts';
import { describeSkip } from '../../report/describe.ts';

import type { Recorded, RunEvent } from '../../event/event.ts';
import type { RunView } from '../../event/view.ts';
import type { Milestone } from './milestones.ts';

type StageEvent = Recorded<Extract<RunEvent, { stage: string }>>;

/** What is said of a stage; nothing where it is the only one, of which the run says all. */
export function stageNews(event: StageEvent, view: RunView): Milestone | undefined {
  const stage = view.stages.get(event.stage);
  if (!stage || view.stages.size < 2) return undefined;
  const name = `stage '${stage.name}'`;
  if (event.type === 'stage.started') return { kind: 'event', text: `${name} started` };
  const { outcome, cause, because } = event;
  if (because) return { kind: 'event', text: `${name} is skipped: ${describeSkip(because)}` };
  if (!cause) {
    const took = formatDuration(event.at - (stage.startedAt ?? event.at));
    return outcome === 'succeeded'
      ? { kind: 'good', text: `${name} succeeded in ${took}` }
      : { kind: 'event', text: `${name} was cancelled` };
  }
  const fate = groupFate(cause.kind === 'stage' ? cause.end : { kind: 'failed', cause }, view);
  return outcome === 'ignored'
    ? { kind: 'warning', text: `${name} ${fate}; the run goes on` }
    : { kind: 'bad', text: `${name} ${fate}` };
}
