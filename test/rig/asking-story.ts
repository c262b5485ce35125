import { approval, group, plan, service, step, wait } from './plans.ts';
import { Story } from './story.ts';

import type { Choice } from '../../src/event/question.ts';

const exited = { kind: 'exited', exit: { kind: 'code', code: 3 } } as const;
const choices: readonly Choice[] = ['retry', 'ignore', 'succeed', 'fail', 'abort'];
const whatNow = { message: 'it failed with exit code 3: what shall be done?', inputs: [], choices };

/** A run that waits, asks, and takes failures for other things; up to the second approval. */
export function asksMuch(): Story {
  const nodes = [
    service('db'),
    wait('settle', 10_000),
    approval('deploy'),
    step('smoke'),
    group('checks', 'serial', step('lint')),
    approval('announce'),
  ];
  return new Story({ ...plan(...nodes), name: 'release' })
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .tell({ type: 'service.running', service: 'db', label: 'pid 4712' })
    .tell({ type: 'step.started', step: 'settle', attempt: 1 })
    .at(10_000)
    .tell({ type: 'step.ended', step: 'settle', outcome: 'succeeded' })
    .tell({ type: 'step.started', step: 'deploy', attempt: 1 })
    .tell({
      type: 'step.asked',
      step: 'deploy',
      message: 'Deploy to live?\nThere is no way back.',
      inputs: [{ name: 'target' }],
      choices: ['approve', 'reject'],
      timeoutMs: 86_400_000,
    })
    .at(70_000)
    .tell({
      type: 'step.answered',
      step: 'deploy',
      answer: 'approve',
      by: 'ann',
      inputs: { target: 'live' },
    })
    .tell({ type: 'step.ended', step: 'deploy', outcome: 'succeeded' })
    .tell({ type: 'step.started', step: 'smoke', attempt: 1 })
    .at(71_000)
    .says('smoke', 'no page\n')
    .tell({ type: 'step.asked', step: 'smoke', end: exited, ...whatNow, timeoutMs: 60_000 })
    .at(80_000)
    .tell({ type: 'step.answered', step: 'smoke', answer: 'succeed', by: 'ann', inputs: {} })
    .tell({ type: 'step.ended', step: 'smoke', outcome: 'succeeded', end: exited })
    .tell({ type: 'group.started', group: 'checks', attempt: 1 })
    .tell({ type: 'step.started', step: 'lint', attempt: 1 })
    .at(81_000)
    .tell({ type: 'step.ended', step: 'lint', outcome: 'failed', end: exited })
    .tell({
      type: 'group.asked',
      group: 'checks',
      end: { kind: 'failed', cause: { kind: 'step', step: 'lint', end: exited } },
      ...whatNow,
    })
    .at(82_000)
    .tell({ type: 'group.answered', group: 'checks', answer: 'succeed', by: 'bob', inputs: {} })
    .tell({
      type: 'group.ended',
      group: 'checks',
      outcome: 'succeeded',
      end: { kind: 'failed', cause: { kind: 'step', step: 'lint', end: exited } },
    })
    .tell({ type: 'step.started', step: 'announce', attempt: 1 })
    .tell({
      type: 'step.asked',
      step: 'announce',
      message: 'Tell everybody?',
      inputs: [],
      choices: ['approve', 'reject'],
    });
}

/** The same, in which somebody says no in the end. */
export function isRejected(): Story {
  const end = { kind: 'rejected', by: 'bob', comment: 'not on a Friday' } as const;
  return asksMuch()
    .at(90_000)
    .tell({
      type: 'step.answered',
      step: 'announce',
      answer: 'reject',
      by: 'bob',
      comment: 'not on a Friday',
      inputs: {},
    })
    .tell({ type: 'step.ended', step: 'announce', outcome: 'failed', end })
    .tell({ type: 'service.ended', service: 'db', end: { kind: 'completed', afterMs: 90_000 } })
    .tell({
      type: 'run.ended',
      outcome: 'failed',
      cause: { kind: 'step', step: 'announce', end },
    });
}

/** The same, in which nobody says no. */
export function isApproved(): Story {
  return asksMuch()
    .at(90_000)
    .tell({ type: 'step.answered', step: 'announce', answer: 'approve', by: 'bob', inputs: {} })
    .tell({ type: 'step.ended', step: 'announce', outcome: 'succeeded' })
    .tell({ type: 'service.ended', service: 'db', end: { kind: 'completed', afterMs: 90_000 } })
    .tell({ type: 'run.ended', outcome: 'succeeded' });
}

/** A run whose stage and whose only step ask for inputs. */
export function asksForInputs(): Story {
  const message = 'it waits for what it is to be given';
  return new Story(plan(step('deploy')))
    .tell({
      type: 'input.asked',
      node: 'main',
      message,
      inputs: [{ name: 'region' }],
      choices: ['give'],
    })
    .tell({
      type: 'input.answered',
      node: 'main',
      answer: 'give',
      by: 'ann',
      inputs: { region: 'north' },
    })
    .at(1_000)
    .tell({
      type: 'input.asked',
      node: 'deploy',
      message,
      inputs: [{ name: 'target' }, { name: 'note' }],
      choices: ['give'],
    })
    .at(9_000)
    .tell({
      type: 'input.answered',
      node: 'deploy',
      answer: 'give',
      by: 'ann',
      inputs: { target: 'live', note: '' },
    })
    .tell({ type: 'step.started', step: 'deploy', attempt: 1 })
    .tell({ type: 'step.ended', step: 'deploy', outcome: 'succeeded' })
    .tell({ type: 'run.ended', outcome: 'succeeded' });
}
