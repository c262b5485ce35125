import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as plans from '../../../test/rig/plans.ts';
import { Story, group, plan, service, step } from '../../../test/rig/story.ts';
import { stepFails } from '../../../test/rig/stories.ts';
import { toSequence } from './sequence.ts';
import { isTerminal, pipelineStatus } from './status.ts';

import type { RunEvent } from '../../event/event.ts';

const asked: RunEvent = { type: 'run.paused', why: { kind: 'asked', by: 'ann' } };

const shop = plan(
  'shop',
  service('db'),
  step('first'),
  group('group', step('second'), plans.group('both', 'parallel', step('third'), step('fourth'))),
  step('fifth'),
);

const going = (): Story => new Story(shop);

const withDb = (story: Story): Story =>
  story
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .tell({ type: 'service.running', service: 'db', label: 'pid 1' })
    .tell({ type: 'service.ready', service: 'db', afterMs: 5 });

describe('what CIX describes of a pipeline', () => {
  it('is its steps and groups in their order, with what has become of each', () => {
    const view = withDb(going())
      .tell({ type: 'step.started', step: 'first', attempt: 1 })
      .tell({ type: 'step.ended', step: 'first', outcome: 'succeeded' })
      .tell({ type: 'step.started', step: 'second', attempt: 1 })
      .view();
    assert.deepEqual(toSequence(view), {
      name: toSequence(view).name,
      steps: [
        { name: 'db', status: 'successful', background: true, service: 'ready' },
        { name: 'first', status: 'successful' },
        {
          name: 'group',
          steps: [
            { name: 'second', status: 'running' },
            {
              name: 'both',
              steps: [
                { name: 'third', status: 'ready' },
                { name: 'fourth', status: 'ready' },
              ],
              parallel: true,
            },
          ],
        },
        { name: 'fifth', status: 'ready' },
      ],
    });
    assert.match(toSequence(view).name, /^Pipeline [0-9a-f]{8}$/);
  });

  it('has nothing that goes on, or is to come, in a run that is lost', () => {
    const view = withDb(new Story(plan('p', service('db'), step('a'), step('b'), step('c'))))
      .tell({ type: 'step.started', step: 'a', attempt: 1 })
      .tell({ type: 'step.ended', step: 'a', outcome: 'succeeded' })
      .tell({ type: 'step.started', step: 'b', attempt: 1 })
      .view();
    assert.deepEqual(toSequence(view, true).steps, [
      { name: 'db', status: 'failed', background: true, service: 'lost' },
      { name: 'a', status: 'successful' },
      { name: 'b', status: 'failed' },
      { name: 'c', status: 'skipped' },
    ]);
  });

  it('names the variables that steps ask for, each once, and none where there are none', () => {
    const environment = [{ name: 'A', value: ['x'] }];
    const asking = { command: { ...plans.command('true'), environment } };
    const view = new Story(plan('p', plans.step('one', asking), plans.step('two', asking))).view();
    assert.deepEqual(toSequence(view).environment_keys, ['A']);
    assert.equal('environment_keys' in toSequence(going().view()), false);
  });

  it('has stages as groups where there are several', () => {
    const [stage] = plan('p', step('a')).stages;
    const stages = [stage!, { ...stage!, id: 'other', name: 'other' }];
    const { steps } = toSequence(new Story({ name: 'p', stages }).view());
    assert.deepEqual(
      steps.map((item) => 'steps' in item),
      [true, true],
    );
  });
});

describe('what CIX says of a pipeline', () => {
  it('is whether it is loaded, begins, runs, or is paused', () => {
    const status = (story: Story) => pipelineStatus('running', story.view());
    assert.equal(pipelineStatus('starting', undefined), 'initializing');
    assert.equal(status(going()), 'initializing');
    assert.equal(status(going().tell(asked)), 'loaded');
    const running = going().tell({ type: 'step.started', step: 'first', attempt: 1 });
    assert.equal(status(running), 'running');
    assert.equal(status(running.tell(asked)), 'paused');
  });

  it('is what became of it', () => {
    const { length } = [
      ['succeeded', 'successful'],
      ['failed', 'failed'],
      ['lost', 'failed'],
      ['cancelled', 'skipped'],
    ].filter(([outcome, status]) => {
      const told = pipelineStatus(outcome as 'succeeded', stepFails().view());
      return told === status && isTerminal(told);
    });
    assert.equal(length, 4);
    assert.equal(isTerminal('paused'), false);
  });
});
