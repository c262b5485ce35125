import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { equal, group, service, step } from '../../test/rig/plans.ts';

import type { Condition, Group, Node, Probe } from '../plan/plan.ts';

const tcp: Probe = { kind: 'tcp', host: 'localhost', port: 5432, timeoutMs: 30_000 };
const holding = equal('X', '1');
const not = equal('X', '2');
const broken: Condition = {
  kind: 'matches',
  value: { value: ['x'] },
  patterns: { text: { value: [{ variable: 'BAD' }] } },
};

const start = (...nodes: Node[]): Promise<FakeRun> =>
  FakeRun.start(nodes, ({ variables }) => {
    variables.set('X', '1').set('BAD', '[');
  });

const conditional = (when: Condition, more: Partial<Group>, ...members: Node[]): Group => ({
  ...group('g', 'serial', ...members),
  when,
  ...more,
});

async function finish(fake: FakeRun): Promise<FakeRun> {
  await fake.run.ended;
  assertInvariants(fake.recorder.events);
  return fake;
}

describe('a condition', () => {
  it('lets a step run only while it holds', async () => {
    const fake = await start(step('a', { when: holding }), step('b', { when: not }), step('c'));
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, ['c']);
    await fake.exit('c', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    const [, skipped] = (await finish(fake)).recorder.all('step.ended');
    assert.deepEqual(
      [skipped?.step, skipped?.outcome, skipped?.because],
      ['b', 'skipped', { kind: 'condition' }],
    );
  });

  it('is looked at when its turn comes', async () => {
    const fake = await start(step('a'), step('b', { when: not }));
    fake.variables.set('X', '2');
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, ['b']);
    await fake.exit('b', 0);
    await finish(fake);
  });

  it('skips a group with all below it, and says whose condition it was', async () => {
    const fake = await start(
      conditional(not, {}, step('a'), group('h', 'parallel', step('b'), service('db'))),
      step('c'),
    );
    assert.deepEqual(fake.executor.running, ['c']);
    await fake.exit('c', 0);
    await finish(fake);
    const because = { kind: 'condition', group: 'g' };
    const { recorder } = fake;
    assert.deepEqual(recorder.all('group.ended')[0]?.because, { kind: 'condition' });
    assert.deepEqual(recorder.all('group.ended')[1]?.because, because);
    assert.deepEqual(recorder.all('step.ended')[0]?.because, because);
    assert.deepEqual(recorder.all('service.ended')[0]?.end, { kind: 'skipped', because });
    assert.equal(recorder.all('group.started').length, 0);
  });

  it('is not even looked at behind a failure', async () => {
    const fake = await start(step('a'), step('b', { when: broken }));
    await fake.exit('a', 1);
    await finish(fake);
    assert.deepEqual(fake.recorder.all('step.ended')[1]?.because, { kind: 'failure' });
  });

  it('leaves a service out of barriers and addresses', async () => {
    const fake = await start(
      service('db', { when: not, ready: [tcp] }),
      service('on', { when: holding, ready: [tcp] }),
      step('a'),
    );
    fake.open('on');
    await fake.clock.pass(20);
    assert.deepEqual(fake.executor.running, ['on', 'a']);
    const names = Object.keys(fake.executor.task('a').spec.environment);
    assert.ok(names.includes('CONTINUO_ON_PORT'));
    assert.ok(!names.some((name) => name.startsWith('CONTINUO_DB')), names.join());
    await fake.exit('a', 0);
    await finish(fake);
  });

  it('of a service fails a step that needs it, in words', async () => {
    const fake = await start(
      service('db', { when: not, onExit: { kind: 'ignore' } }),
      step('a', { needs: ['db'] }),
    );
    await fake.clock.pass(150);
    assert.deepEqual((await fake.run.ended).cause, {
      kind: 'step',
      step: 'a',
      end: { kind: 'needs', service: 'db', isSkipped: true },
    });
  });

  it('of a service fails a service that needs it, as its own rule has it', async () => {
    const needs = ['db'];
    const fake = await start(
      service('db', { when: not }),
      service('api', { needs, onExit: { kind: 'ignore' } }),
      service('web', { needs }),
      step('a'),
    );
    const { cause } = await fake.run.ended;
    const because = { kind: 'needs', service: 'db', isSkipped: true } as const;
    assert.deepEqual(cause, {
      kind: 'service',
      service: 'web',
      end: { kind: 'skipped', because },
      lastLines: [],
    });
    assert.deepEqual(fake.recorder.all('service.ended')[1]?.verdict, 'ignore');
  });

  it('that cannot be decided fails what has it, as it would fail by itself', async () => {
    const detail =
      'its condition cannot be decided: `[` is no regular expression: unterminated character class';
    const failure = { kind: 'refused', detail } as const;
    const excused = await start(
      step('a', { when: broken, continueOnFail: true }),
      conditional(broken, { continueOnFail: true }, step('b')),
      service('db', { when: broken, onExit: { kind: 'ignore' } }),
    );
    assert.equal((await finish(excused)).story.at(-1), 'run.ended succeeded');
    assert.deepEqual(excused.recorder.all('service.ended')[0]?.end, {
      kind: 'start-error',
      failure,
    });
    assert.ok(excused.story.includes('step.ended a ignored'));
    assert.ok(excused.story.includes('step.ended b skipped'));
    assert.ok(excused.story.includes('group.ended g ignored'));

    const failed = await finish(await start(step('a', { when: broken })));
    assert.deepEqual((await failed.run.ended).cause, {
      kind: 'step',
      step: 'a',
      end: { kind: 'launch', failure },
    });
    const group = await finish(await start(conditional(broken, {}, step('b'))));
    assert.deepEqual((await group.run.ended).cause, {
      kind: 'group',
      group: 'g',
      end: { kind: 'refused', detail },
    });
  });

  it('is asked once more in each attempt of the group around it', async () => {
    const retry = { attempts: 2, backoffMs: 0 };
    const fake = await start({
      ...group('g', 'serial', step('a', { when: not }), step('b')),
      retry,
    });
    fake.variables.set('X', '2');
    await fake.exit('b', 1);
    await fake.clock.pass(0);
    assert.deepEqual(fake.executor.running, ['a']);
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    await finish(fake);
  });
});
