import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as plans from '../../test/rig/plans.ts';
import { serviceDies, stepFails } from '../../test/rig/stories.ts';
import { Story, plan, service, step } from '../../test/rig/story.ts';
import { describeCause } from './describe-cause.ts';

import type { Exit } from '../executor/executor.ts';

const { command } = plans;

describe('the cause of a failed run', () => {
  it('is a step that said no', () => {
    assert.deepEqual(describeCause(stepFails().view()), {
      sentence: "step 'browser-tests' failed with exit code 1",
    });
  });

  it('is a service, with the step that ran then', () => {
    assert.deepEqual(describeCause(serviceDies().view()), {
      sentence: "service 'api' died with exit code 1 after 6.7 s, while step 'browser-tests' ran",
    });
  });

  it('is the environment', () => {
    const view = stepFails().view();
    view.cause = { kind: 'environment', detail: 'the disk is full' };
    assert.deepEqual(describeCause(view), { sentence: 'the disk is full' });
  });

  it('is the environment, with the step or service that could not start', () => {
    const detail = 'the registry has no such tag';
    const failure = { kind: 'imageUnavailable', image: 'redis:99', detail } as const;
    const cause = { kind: 'environment', detail, task: 'db' } as const;
    const story = new Story(plan('p', service('db'), step('a'))).tell({
      type: 'run.ended',
      outcome: 'failed',
      cause,
    });
    const early = story.view();
    assert.deepEqual(describeCause(early), {
      sentence: `service 'db' could not start: ${detail}`,
    });
    story.tell({ type: 'service.ended', service: 'db', end: { kind: 'image', failure } });
    assert.deepEqual(describeCause(story.view()), {
      sentence: `service 'db' could not get its image redis:99: ${detail}`,
    });
    const end = { kind: 'launch', failure } as const;
    story.tell({ type: 'step.ended', step: 'a', outcome: 'failed', end });
    const late = story.view();
    late.cause = { ...cause, task: 'a' };
    assert.deepEqual(describeCause(late), {
      sentence: `step 'a' could not get its image redis:99: ${detail}`,
    });
  });

  it('tells where the volume stands that is not there, and what to do', () => {
    const failure = { kind: 'volumeMissing', source: './x', path: '/w/x' } as const;
    const view = stepFails().view();
    view.cause = { kind: 'step', step: 'deploy', end: { kind: 'launch', failure } };
    const { file, line } = view.plan.stages[0]!.root.members.find(
      ({ id }) => id === 'deploy',
    )!.where;
    assert.deepEqual(describeCause(view), {
      sentence: "step 'deploy' could not start: its volume ./x names /w/x, which is not there",
      hint: `${file}:${line}: make it before the step begins: by hand, or in a step before it`,
    });
  });

  it('tells the limit of what needed more memory than that, or may have', () => {
    const memoryBytes = 64 * 1_024 ** 2;
    const limited = { ...command('test'), image: ['node'], container: { memoryBytes } };
    const told = (exit: Exit): unknown => {
      const cause = { kind: 'step', step: 'a', end: { kind: 'exited', exit } } as const;
      return describeCause(
        new Story(plan('p', plans.step('a', { command: limited })))
          .tell({ type: 'run.ended', outcome: 'failed', cause })
          .view(),
      );
    };
    assert.deepEqual(told({ kind: 'outOfMemory' }), {
      sentence: "step 'a' failed because memory ran out",
      hint: 'its `memory` is limited to 64 MiB',
    });
    assert.deepEqual(told({ kind: 'code', code: 137 }), {
      sentence: "step 'a' failed with exit code 137",
      hint: 'something was killed, and nobody says by whom: it may be out of memory, which is limited to 64 MiB',
    });
    assert.deepEqual(told({ kind: 'code', code: 1 }), {
      sentence: "step 'a' failed with exit code 1",
    });
  });
});
