import assert from 'node:assert/strict';

import type { Recorded, RunEvent } from '../../src/event/event.ts';

/**
 * I12: nothing begins while the run is paused, and no stage ends; until it goes on, or somebody asks for its
 * end.
 */
export function assertPauses(events: readonly Recorded<RunEvent>[]): void {
  let isPaused = false;
  for (const event of events) {
    if (event.type === 'run.paused') isPaused = true;
    if (event.type === 'run.resumed' || event.type === 'run.cancelling') isPaused = false;
    // What has begun goes on, and may be attempted once more.
    const begins =
      event.type === 'stage.started' ||
      (event.type === 'group.started' && (event.attempt ?? 1) === 1) ||
      (event.type === 'step.started' && event.attempt === 1);
    if (!isPaused) continue;
    assert.ok(!begins, `event ${event.seq} begins something in a pause`);
    assert.ok(event.type !== 'stage.ended', `event ${event.seq} ends a stage in a pause`);
  }
}
