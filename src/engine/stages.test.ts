import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { equal, group, service, stageOf, step } from '../../test/rig/plans.ts';

import type { Plan, Stage } from '../plan/plan.ts';

const inOrder = { failing: 'in-order' } as const;

const start = (
  stages: readonly Stage[],
  more: Partial<Plan> = {},
  prepare?: (run: FakeRun) => void,
): Promise<FakeRun> => FakeRun.startPlan({ name: 'test', stages, ...more }, prepare);

const outcomes = (fake: FakeRun): Record<string, string> =>
  Object.fromEntries(
    fake.recorder.all('stage.ended').map(({ stage, outcome }) => [stage, outcome]),
  );

describe('stages', () => {
  it('run one after the other, each with services of its own', async () => {
    const fake = await start([
      stageOf('one', {}, service('db'), step('a')),
      stageOf('two', {}, step('b')),
    ]);
    assert.deepEqual(fake.executor.running, ['db', 'a']);
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, ['b']);
    assert.deepEqual(fake.executor.task('b').spec.environment, {});
    await fake.exit('b', 0);
    assert.deepEqual(await fake.run.ended, { outcome: 'succeeded' });
    assert.deepEqual(outcomes(fake), { one: 'succeeded', two: 'succeeded' });
    assertInvariants(fake.recorder.events);
  });

  it('run beside each other, and what comes later waits for all of them', async () => {
    const fake = await start([
      stageOf('one', {}, step('a')),
      stageOf('two', { beside: true }, step('b')),
      stageOf('three', {}, step('c')),
    ]);
    assert.deepEqual(fake.executor.running, ['a', 'b']);
    assert.equal(fake.executor.opened.length, 2);
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, ['b']);
    await fake.exit('b', 0);
    assert.deepEqual(fake.executor.running, ['c']);
  });

  it('leave those beside them alone when they fail in order, and later ones decide by that', async () => {
    const fake = await start([
      stageOf('one', inOrder, step('a')),
      stageOf('two', { ...inOrder, beside: true }, step('b')),
      stageOf('deploy', inOrder, step('c')),
      stageOf('mend', { ...inOrder, after: 'failure' }, step('d')),
      stageOf('report', { ...inOrder, after: 'either' }, step('e')),
    ]);
    await fake.exit('a', 1);
    assert.deepEqual(fake.executor.running, ['b']);
    await fake.exit('b', 0);
    assert.deepEqual(fake.executor.running, ['d']);
    await fake.exit('d', 0);
    await fake.exit('e', 0);
    const end = await fake.run.ended;
    assert.equal(end.outcome, 'failed');
    assert.equal(end.cause?.kind === 'step' && end.cause.step, 'a');
    assert.deepEqual(outcomes(fake), {
      one: 'failed',
      two: 'succeeded',
      deploy: 'skipped',
      mend: 'succeeded',
      report: 'succeeded',
    });
    const skipped = fake.recorder.all('stage.ended').find(({ stage }) => stage === 'deploy');
    assert.deepEqual(skipped?.because, { kind: 'failure' });
    assert.ok(fake.story.includes('step.ended c skipped'));
    assertInvariants(fake.recorder.events);
  });

  it('are skipped, and everything in them is told, when they are for a failure and there was none', async () => {
    const fake = await start([
      stageOf('one', inOrder, step('a')),
      stageOf('mend', { after: 'failure' }, group('g', 'serial', step('b'), service('s'))),
    ]);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(fake.story.slice(-5), [
      'stage.ended mend skipped',
      'group.ended g skipped',
      'step.ended b skipped',
      'service.ended s skipped',
      'run.ended succeeded',
    ]);
    assertInvariants(fake.recorder.events);
  });

  it('begin as there is room among the copies of one, beside others, whatever became of the copies before', async () => {
    const copy = { ...inOrder, beside: true, atOnce: { of: 'copy', most: 2 } } as const;
    const fake = await start([
      stageOf('other', inOrder, step('a')),
      stageOf('copy_0', copy, step('b')),
      stageOf('copy_1', copy, step('c')),
      stageOf('copy_2', copy, step('d')),
      stageOf('copy_3', { ...copy, after: 'failure' }, step('e')),
      stageOf('later', inOrder, step('f')),
    ]);
    assert.deepEqual(fake.executor.running, ['a', 'b', 'c']);
    await fake.exit('c', 1);
    assert.deepEqual(fake.executor.running, ['a', 'b', 'd']);
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, ['b', 'd']);
    await fake.exit('b', 0);
    await fake.exit('d', 0);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.deepEqual(outcomes(fake), {
      other: 'succeeded',
      copy_0: 'succeeded',
      copy_1: 'failed',
      copy_2: 'succeeded',
      copy_3: 'skipped',
      later: 'skipped',
    });
    assertInvariants(fake.recorder.events);
  });

  it('begin no copy for which there was no room when the run is cancelled', async () => {
    const copy = { ...inOrder, atOnce: { of: 'copy', most: 1 } } as const;
    const fake = await start([
      stageOf('copy_0', copy, step('a')),
      stageOf('copy_1', { ...copy, beside: true }, step('b')),
    ]);
    fake.run.cancel('INT');
    assert.deepEqual(await fake.run.ended, { outcome: 'cancelled' });
    assert.deepEqual(outcomes(fake), { copy_0: 'cancelled', copy_1: 'skipped' });
    assert.equal(fake.executor.launched.length, 1);
    assertInvariants(fake.recorder.events);
  });

  it('end what runs beside them when a failure ends everything at once', async () => {
    const fake = await start([
      stageOf('one', {}, step('a')),
      stageOf('two', { beside: true }, step('b')),
      stageOf('three', { after: 'either' }, step('c')),
    ]);
    await fake.exit('a', 1);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.deepEqual(outcomes(fake), { one: 'failed', two: 'cancelled', three: 'skipped' });
  });

  it('have not succeeded when a service breaks while it stops, though the run has failed by then', async () => {
    const fake = await start([
      stageOf('one', {}, service('db'), service('web', { needs: ['db'] }), step('a')),
      stageOf('two', { beside: true }, step('b')),
    ]);
    fake.executor.task('web').obeysStop = false;
    await fake.exit('a', 0);
    await fake.exit('b', 1);
    await fake.exit('db', 1);
    await fake.exit('web', 0);
    const { cause } = await fake.run.ended;
    assert.ok(cause?.kind === 'step' && cause.step === 'b');
    assert.deepEqual(outcomes(fake), { one: 'cancelled', two: 'failed' });
    assertInvariants(fake.recorder.events);
  });

  it('do not fail the run when they may fail', async () => {
    for (const failing of ['at-once', 'in-order'] as const) {
      const fake = await start([
        stageOf('one', { failing, continueOnFail: true }, step('a'), step('b')),
        stageOf('two', {}, step('c')),
      ]);
      await fake.exit('a', 1);
      await fake.exit('c', 0);
      assert.deepEqual(await fake.run.ended, { outcome: 'succeeded' });
      assert.deepEqual(outcomes(fake), { one: 'ignored', two: 'succeeded' });
      assertInvariants(fake.recorder.events);
    }
  });

  it('go by a condition that is looked at when their turn comes', async () => {
    const fake = await start([
      stageOf('one', { outcomeAs: 'one' }, step('a')),
      stageOf('two', { when: equal('one', 'succeeded') }, step('b')),
      stageOf('three', { when: equal('one', 'failed') }, step('c')),
    ]);
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(outcomes(fake), { one: 'succeeded', two: 'succeeded', three: 'skipped' });
    const [skipped] = fake.recorder.all('step.ended').filter(({ step: id }) => id === 'c');
    assert.deepEqual(skipped?.because, { kind: 'condition', stage: 'three' });
  });

  it('fail when their condition cannot be decided', async () => {
    const fake = await start([
      stageOf(
        'one',
        {
          when: { kind: 'matches', value: { value: ['x'] }, patterns: { text: { value: ['['] } } },
        },
        step('a'),
      ),
    ]);
    const { outcome, cause } = await fake.run.ended;
    assert.equal(outcome, 'failed');
    assert.ok(cause?.kind === 'stage' && cause.end.kind === 'refused');
    assertInvariants(fake.recorder.events);
  });

  it('end with everything in them when their time is up, and let what is for a failure run', async () => {
    const fake = await start([
      stageOf(
        'one',
        { ...inOrder, timeoutMs: 1_000 },
        service('db'),
        step('a'),
        step('tidy', { after: 'either' }),
      ),
      stageOf('mend', { ...inOrder, after: 'failure' }, step('b')),
    ]);
    await fake.clock.pass(1_000);
    assert.deepEqual(outcomes(fake), { one: 'timed-out' });
    assert.deepEqual(fake.executor.running, ['b']);
    await fake.exit('b', 0);
    assert.deepEqual(await fake.run.ended, {
      outcome: 'failed',
      cause: { kind: 'stage', stage: 'one', end: { kind: 'timed-out', afterMs: 1_000 } },
    });
    assert.ok(fake.story.includes('step.ended tidy skipped'));
    assertInvariants(fake.recorder.events);
  });

  it('all end when the time of the run is up', async () => {
    const fake = await start(
      [
        stageOf('one', inOrder, step('a'), step('tidy', { after: 'either' })),
        stageOf('two', { after: 'either' }, step('b')),
      ],
      { timeoutMs: 500 },
    );
    await fake.clock.pass(500);
    assert.deepEqual(await fake.run.ended, {
      outcome: 'failed',
      cause: { kind: 'run', end: { kind: 'timed-out', afterMs: 500 } },
    });
    assert.deepEqual(outcomes(fake), { one: 'cancelled', two: 'skipped' });
    assertInvariants(fake.recorder.events);
  });

  it('all end when the run is cancelled, whatever they say of failures', async () => {
    const fake = await start([
      stageOf('one', inOrder, step('a'), step('tidy', { after: 'either' })),
      stageOf('two', { after: 'either' }, step('b')),
    ]);
    fake.run.cancel('INT');
    assert.deepEqual(await fake.run.ended, { outcome: 'cancelled' });
    assert.deepEqual(outcomes(fake), { one: 'cancelled', two: 'skipped' });
    const [, last] = fake.recorder.all('stage.ended');
    assert.deepEqual(last?.because, { kind: 'cancelled' });
    assertInvariants(fake.recorder.events);
  });

  it('leave up the containers of those that failed only', async () => {
    const fake = await start(
      [
        stageOf('one', inOrder, service('db'), step('a')),
        stageOf('two', { ...inOrder, beside: true }, service('web'), step('b')),
      ],
      {},
      (run) => {
        run.keep = true;
        run.executor.waysIn = ['in'];
      },
    );
    await fake.exit('b', 0);
    await fake.exit('a', 1);
    await fake.clock.pass(200);
    await fake.run.ended;
    assert.deepEqual(fake.executor.running, ['db']);
  });
});
