import assert from 'node:assert/strict';
import { it } from 'node:test';

import { stageOf, step } from '../../../test/rig/plans.ts';
import { Story } from '../../../test/rig/story.ts';
import { milestone } from './milestones.ts';

import type { RunEvent } from '../../event/event.ts';
import type { Stage } from '../../plan/plan.ts';

const two = [stageOf('one', {}, step('a')), stageOf('two', {}, step('b'))];
const end = { kind: 'exited', exit: { kind: 'code', code: 1 } } as const;
const cause = { kind: 'step', step: 'a', end } as const;

/** What is told of an event, four seconds after the first stage began. */
function told(event: RunEvent, stages: readonly Stage[] = two): string | undefined {
  const story = new Story({ name: 'p', stages })
    .tell({ type: 'stage.started', stage: 'one' })
    .at(4_000)
    .tell(event);
  const last = story.records.at(-1)!;
  assert.ok(last.type !== 'output');
  const news = milestone(last, story.view());
  return news && `${news.kind}: ${news.text}`;
}

it('tells how each of several stages begins and ends', () => {
  const stage = 'one';
  assert.equal(told({ type: 'stage.started', stage }), "event: stage 'one' started");
  for (const [event, expected] of [
    [{ outcome: 'succeeded' }, "good: stage 'one' succeeded in 4.0 s"],
    [{ outcome: 'failed', cause }, "bad: stage 'one' failed: step 'a' failed with exit code 1"],
    [
      { outcome: 'ignored', cause },
      "warning: stage 'one' failed: step 'a' failed with exit code 1; the run goes on",
    ],
    [
      {
        outcome: 'timed-out',
        cause: { kind: 'stage', stage, end: { kind: 'timed-out', afterMs: 4_000 } },
      },
      "bad: stage 'one' was stopped at its timeout of 4 s",
    ],
    [{ outcome: 'cancelled' }, "event: stage 'one' was cancelled"],
    [
      { outcome: 'skipped', because: { kind: 'success' } },
      "event: stage 'one' is skipped: nothing failed before",
    ],
  ] as const)
    assert.equal(told({ type: 'stage.ended', stage, ...event }), expected);
});

it('says nothing of the only one', () => {
  assert.equal(
    told({ type: 'stage.ended', stage: 'one', outcome: 'succeeded' }, [two[0]!]),
    undefined,
  );
});
