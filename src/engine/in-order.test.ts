import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { equal, group, service, stageOf, step } from '../../test/rig/plans.ts';

import type { Node, Probe, Stage } from '../plan/plan.ts';

const tcp: Probe = { kind: 'tcp', host: 'localhost', port: 1, timeoutMs: 30_000 };
const either = { after: 'either' } as const;
const onFailure = { after: 'failure' } as const;

/** A run of one stage that fails in order. */
const start = (nodes: readonly Node[], more: Partial<Stage> = {}): Promise<FakeRun> =>
  FakeRun.startPlan({
    name: 'test',
    stages: [stageOf('main', { failing: 'in-order', ...more }, ...nodes)],
  });

const causeOf = async (fake: FakeRun): Promise<string | undefined> => {
  const { cause } = await fake.run.ended;
  assertInvariants(fake.recorder.events);
  return cause && ('step' in cause ? cause.step : 'service' in cause ? cause.service : cause.kind);
};

describe('a step that fails in a stage which fails in order', () => {
  it('ends nothing beside it, and what comes after decides by how things went', async () => {
    const fake = await start([
      service('db', { ready: [tcp] }),
      group('p', 'parallel', step('a'), group('g', 'serial', step('b1'), step('b2'))),
      step('c'),
      step('mend', onFailure),
      step('tidy', either),
    ]);
    fake.open('db');
    await fake.clock.pass(20);
    await fake.exit('a', 1);
    await fake.clock.pass(200);
    assert.deepEqual(fake.executor.running, ['db', 'b1']);
    await fake.exit('b1', 0);
    assert.deepEqual(fake.executor.running, ['db', 'b2']);
    await fake.exit('b2', 0);
    assert.deepEqual(fake.executor.running, ['db', 'mend']);
    await fake.exit('mend', 0);
    assert.deepEqual(fake.executor.running, ['db', 'tidy']);
    assert.ok(fake.executor.task('tidy').spec.environment['CONTINUO_DB_PORT']);
    await fake.exit('tidy', 0);
    assert.equal(await causeOf(fake), 'a');
    assert.ok(fake.story.includes('group.ended g succeeded'));
    assert.ok(fake.story.includes('group.ended p failed'));
    assert.ok(fake.story.includes('step.ended c skipped'));
    assert.deepEqual(fake.executor.task('db').stops, [{ signal: 'TERM', graceMs: 10_000 }]);
  });

  it('stays the cause, whatever fails after it', async () => {
    const fake = await start([step('a'), step('tidy', either)]);
    await fake.exit('a', 1);
    await fake.exit('tidy', 1);
    assert.equal(await causeOf(fake), 'a');
  });

  it('lets a group run as a whole that is for a failure', async () => {
    const fake = await start([
      step('a'),
      { ...group('g', 'serial', step('b'), step('never', onFailure), step('c')), ...onFailure },
      step('d'),
    ]);
    await fake.exit('a', 1);
    await fake.exit('b', 0);
    await fake.exit('never', 0);
    assert.deepEqual(fake.executor.running, ['c']);
    await fake.exit('c', 0);
    assert.ok(fake.story.includes('step.ended d skipped'));
    assert.equal(await causeOf(fake), 'a');
  });

  it('fails its group, which goes on to what is for that, and comes again as often as it may', async () => {
    const fake = await start([
      {
        ...group('g', 'serial', step('a'), step('b'), step('tidy', either)),
        retry: { attempts: 2, backoffMs: 100 },
      },
      step('c'),
    ]);
    await fake.exit('a', 1);
    await fake.exit('tidy', 0);
    await fake.clock.pass(100);
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    await fake.exit('tidy', 0);
    await fake.exit('c', 0);
    assert.equal(await causeOf(fake), undefined);
  });

  it('is nothing to what comes after when it may fail', async () => {
    const fake = await start([
      step('a', { continueOnFail: true }),
      step('b'),
      step('never', onFailure),
    ]);
    await fake.exit('a', 1);
    await fake.exit('b', 0);
    assert.equal(await causeOf(fake), undefined);
    const never = fake.recorder.all('step.ended').find(({ step: id }) => id === 'never');
    assert.deepEqual(never?.because, { kind: 'success' });
  });

  it('leaves services running, watched, and starting', async () => {
    const fake = await start([
      service('db'),
      service('slow', { ready: [tcp], needs: ['db'] }),
      group('p', 'parallel', step('x', { needs: ['db'] })),
      step('tidy', either),
    ]);
    fake.open('slow');
    await fake.clock.pass(40);
    await fake.exit('x', 1);
    await fake.clock.pass(200);
    assert.deepEqual(fake.executor.running, ['db', 'slow', 'tidy']);
    await fake.exit('slow', 1);
    assert.equal(await causeOf(fake), 'x');
    assert.ok(fake.story.includes('step.ended tidy cancelled'));
  });
});

describe('a service that fails in a stage which fails in order', () => {
  it('ends the steps that run, and lets those run that are for a failure', async () => {
    const fake = await start([
      service('db'),
      service('web'),
      group('p', 'parallel', step('a'), group('g', 'serial', step('b'), step('tidy-b', either))),
      step('c'),
      step('mend', onFailure),
    ]);
    assert.deepEqual(fake.executor.running, ['db', 'web', 'a', 'b']);
    await fake.exit('db', 1);
    assert.deepEqual(fake.executor.running, ['web', 'tidy-b']);
    await fake.exit('tidy-b', 0);
    assert.deepEqual(fake.executor.running, ['web', 'mend']);
    await fake.exit('mend', 0);
    assert.equal(await causeOf(fake), 'db');
    for (const told of ['step.ended a cancelled', 'step.ended b cancelled', 'step.ended c skipped'])
      assert.ok(fake.story.includes(told), told);
  });

  it('does not take along a step that waits for it and runs in any case', async () => {
    const fake = await start([service('db', { ready: [tcp] }), step('tidy', either)]);
    assert.deepEqual(fake.executor.running, ['db']);
    await fake.exit('db', 1);
    assert.deepEqual(fake.executor.running, ['tidy']);
    await fake.exit('tidy', 0);
    assert.equal(await causeOf(fake), 'db');
  });

  it('ends those once, however long what it left behind holds its end up', async () => {
    const fake = await start([
      group(
        'p',
        'parallel',
        group('g1', 'serial', service('db'), step('a')),
        group('g2', 'serial', step('b'), step('tidy', either)),
      ),
    ]);
    const db = fake.executor.task('db');
    db.isOutputHeld = true;
    await fake.exit('db', 1);
    assert.deepEqual(fake.executor.running, ['tidy']);
    db.print('the last word\n');
    db.isOutputHeld = false;
    await fake.exit('db', 1);
    assert.ok(fake.story.includes('service.ended db died'), fake.story.join('\n'));
    assert.deepEqual(fake.executor.running, ['tidy']);
    await fake.exit('tidy', 0);
    assert.equal(await causeOf(fake), 'db');
    const { cause } = await fake.run.ended;
    assert.deepEqual(cause?.kind === 'service' && cause.lastLines, ['the last word']);
  });

  it('ends them again when its group has begun anew and it fails again', async () => {
    const again = { retry: { attempts: 2, backoffMs: 100 } };
    const fake = await start([
      { ...group('g', 'serial', service('db'), step('a'), step('tidy', either)), ...again },
    ]);
    await fake.exit('db', 1);
    await fake.exit('tidy', 1);
    await fake.clock.pass(300);
    assert.deepEqual(fake.executor.running, ['db', 'a']);
    await fake.exit('db', 1);
    assert.deepEqual(fake.executor.running, ['tidy']);
    await fake.exit('tidy', 0);
    assert.equal(await causeOf(fake), 'db');
  });

  it('ends a group that waits to begin anew', async () => {
    const retried = { retry: { attempts: 2, backoffMs: 60_000 } };
    const fake = await start([
      service('db'),
      { ...group('g', 'serial', step('a')), ...retried },
      step('tidy', either),
    ]);
    await fake.exit('a', 1);
    await fake.clock.pass(200);
    assert.ok(fake.story.includes('group.retrying g'), fake.story.join('\n'));
    await fake.exit('db', 1);
    assert.deepEqual(fake.executor.running, ['tidy']);
    await fake.exit('tidy', 0);
    assert.equal(await causeOf(fake), 'db');
  });

  it('fails only its own stage', async () => {
    const fake = await FakeRun.startPlan({
      name: 'test',
      stages: [
        stageOf('one', { failing: 'in-order' }, service('db'), step('a')),
        stageOf('two', { failing: 'in-order', beside: true }, service('db2'), step('b')),
      ],
    });
    await fake.exit('db', 1);
    assert.deepEqual(fake.executor.running, ['db2', 'b']);
    await fake.exit('b', 0);
    assert.equal(await causeOf(fake), 'db');
  });
});

describe('in a stage that fails in order', () => {
  it('a service without its image fails it, though its other ends are ignored', async () => {
    const failure = { kind: 'imageUnavailable', image: 'img:1', detail: 'no such tag' } as const;
    const fake = await FakeRun.startPlan(
      {
        name: 'test',
        stages: [
          stageOf(
            'main',
            { failing: 'in-order' },
            service('db', { onExit: { kind: 'ignore' } }),
            step('a'),
            step('mend', onFailure),
          ),
        ],
      },
      ({ executor }) => {
        executor.refuse = ({ name }) => (name === 'db' ? failure : undefined);
      },
    );
    assert.deepEqual(fake.executor.running, ['mend']);
    await fake.exit('mend', 0);
    assert.equal(await causeOf(fake), 'environment');
    assert.ok(fake.story.includes('step.ended a skipped'));
  });

  it('a cancel ends everything', async () => {
    const fake = await start([step('a'), step('tidy', either)]);
    fake.run.cancel('INT');
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.ok(fake.story.includes('step.ended tidy skipped'));
  });

  it('the timeout of a group ends all of it, and not what stands behind', async () => {
    const fake = await start([
      { ...group('g', 'serial', step('a'), step('tidy', either)), timeoutMs: 100 },
      step('mend', onFailure),
    ]);
    await fake.clock.pass(100);
    assert.deepEqual(fake.executor.running, ['mend']);
    await fake.exit('mend', 0);
    assert.equal(await causeOf(fake), 'group');
    assert.ok(fake.story.includes('step.ended tidy skipped'));
  });

  it('outcomes are variables of the run', async () => {
    const fake = await start([
      step('a', { outcomeAs: 'A' }),
      service('db', { outcomeAs: 'DB' }),
      { ...group('g', 'serial', step('b', { outcomeAs: 'B' })), outcomeAs: 'G' },
      step('yes', { ...either, when: equal('A', 'failed') }),
      step('no', { ...either, when: equal('G', 'succeeded') }),
    ]);
    await fake.exit('a', 1);
    assert.deepEqual(fake.executor.running, ['yes']);
    assert.deepEqual(Object.fromEntries(fake.variables), {
      A: 'failed',
      DB: 'skipped',
      G: 'skipped',
      B: 'skipped',
    });
    await fake.exit('yes', 0);
    assert.equal(await causeOf(fake), 'a');
  });
});
