import assert from 'node:assert/strict';

import { nodesOf } from '../../src/plan/order.ts';

import type { Node } from '../../src/plan/plan.ts';
import type { Recorded, RunEvent } from '../../src/event/event.ts';

const isStep = ({ kind }: Node): boolean => kind !== 'service' && kind !== 'group';

/**
 * I12: nothing begins while the run is paused, and no stage whose steps were not over by then ends; until it goes on, or somebody asks for its
 * end.
 */
export function assertPauses(events: readonly Recorded<RunEvent>[]): void {
  let isPaused = false;
  const plan = events[0]?.type === 'run.started' ? events[0].plan : undefined;
  const ended = new Set<string>();
  let over: ReadonlySet<string> = ended;
  for (const event of events) {
    if (event.type === 'run.paused') {
      if (!isPaused) over = new Set(ended);
      isPaused = true;
    }
    if (event.type === 'step.ended') ended.add(event.step);
    if (event.type === 'run.resumed' || event.type === 'run.cancelling') isPaused = false;
    // What has begun goes on, and may be attempted once more.
    const begins =
      event.type === 'stage.started' ||
      (event.type === 'group.started' && (event.attempt ?? 1) === 1) ||
      (event.type === 'step.started' && event.attempt === 1);
    if (!isPaused) continue;
    assert.ok(!begins, `event ${event.seq} begins something in a pause`);
    if (event.type !== 'stage.ended') continue;
    const stage = plan?.stages.find(({ id }) => id === event.stage);
    const steps = stage ? [...nodesOf(stage.root)].filter(isStep) : [];
    assert.ok(
      steps.every(({ id }) => over.has(id)),
      `event ${event.seq} ends a stage in a pause that it began in`,
    );
  }
}
