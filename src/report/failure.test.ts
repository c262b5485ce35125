import assert from 'node:assert/strict';
import { it } from 'node:test';

import { serviceDies, stepFails } from '../../test/rig/stories.ts';
import { Story, plan, service, step } from '../../test/rig/story.ts';
import { gatherFailure } from './failure.ts';

const gather = (story: Story) => gatherFailure(story.read(), story.view(), { color: false });

it('shows the failed step, and every service as far as it spoke meanwhile', async () => {
  assert.deepEqual(await gather(stepFails()), {
    steps: [{ task: 'browser-tests', lines: ['cart page: expected 200, got 500'], cut: false }],
    services: [
      { task: 'db', lines: ['ERROR: relation "cart" does not exist'], cut: false },
      { task: 'api', lines: ['GET /cart 500'], cut: false },
    ],
  });
});

it('shows the service that broke first, then the step that it interrupted', async () => {
  assert.deepEqual(await gather(serviceDies()), {
    steps: [{ task: 'browser-tests', lines: ['opening /cart'], cut: false }],
    services: [
      {
        task: 'api',
        lines: ['listening on 8080', 'Error: out of ideas', '    at cart.js:12'],
        cut: false,
      },
      { task: 'db', lines: [], cut: false },
    ],
  });
});

it('shows the last attempt only', async () => {
  const end = { kind: 'exited', exit: { kind: 'code', code: 1 } } as const;
  const story = new Story(plan('p', service('db'), step('test')))
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .tell({ type: 'step.started', step: 'test', attempt: 1 })
    .says('test', 'first try\n')
    .says('db', 'during the first\n')
    .tell({ type: 'step.retrying', step: 'test', attempt: 1, end, delayMs: 0 })
    .says('db', 'in between\n')
    .tell({ type: 'step.started', step: 'test', attempt: 2 })
    .says('test', 'second try\n')
    .says('db', 'during the second\n')
    .tell({ type: 'step.ended', step: 'test', outcome: 'failed', end })
    .says('db', 'shutting down\n')
    .tell({
      type: 'run.ended',
      outcome: 'failed',
      cause: { kind: 'step', step: 'test', end },
    });
  assert.deepEqual(await gather(story), {
    steps: [{ task: 'test', lines: ['second try'], cut: false }],
    services: [{ task: 'db', lines: ['during the second'], cut: false }],
  });
});

it('keeps no more than the last lines', async () => {
  const story = stepFails();
  const at = story.records.findLastIndex(({ type }) => type === 'output');
  const output = story.records[at];
  assert.ok(output?.type === 'output');
  const bytes = Buffer.from(Array.from({ length: 100 }, (_, n) => `${n}\n`).join(''));
  story.records[at] = { ...output, bytes };
  const { steps } = await gather(story);
  assert.deepEqual(steps, [
    { task: 'browser-tests', lines: Array.from({ length: 15 }, (_, n) => `${85 + n}`), cut: true },
  ]);
});
