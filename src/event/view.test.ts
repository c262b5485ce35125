import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Story, plan, step } from '../../test/rig/story.ts';

import type { StepView } from './view.ts';

it('knows how the last attempt ended until the next one starts', () => {
  const end = { kind: 'timed-out', afterMs: 1_000 } as const;
  const story = new Story(plan('p', step('a'))).tell({
    type: 'step.started',
    step: 'a',
    attempt: 1,
  });
  const seen = (): StepView['end'] => {
    const node = story.view().nodes.get('a');
    return node?.kind === 'step' ? node.end : undefined;
  };
  story.tell({ type: 'step.retrying', step: 'a', attempt: 1, end, delayMs: 500 });
  assert.deepEqual(seen(), end);
  story.tell({ type: 'step.started', step: 'a', attempt: 2 });
  assert.equal(seen(), undefined);
});
