import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { command, equal, group, plan, service, step } from '../../test/rig/plans.ts';

import type { ApprovalInput, Node, RunStep } from '../plan/plan.ts';

let fake: FakeRun;

const input = (name: string, more: Partial<ApprovalInput> = {}): ApprovalInput => ({
  name,
  as: `input:${name}`,
  ...more,
});

/** A step that is told what was given. */
const echo = (id: string, name: string, more: Partial<RunStep> = {}): RunStep =>
  step(id, {
    command: {
      ...command('echo'),
      environment: [{ name: 'TOLD', value: [{ variable: `input:${name}` }] }],
    },
    asks: [input(name)],
    ...more,
  });

const toldTo = (name: string): string | undefined =>
  fake.executor.task(name).spec.environment['TOLD'];

afterEach(() => {
  if (fake.recorder.all('run.ended').length > 0) assertInvariants(fake.recorder.events);
});

describe('a node that asks for inputs', () => {
  it('is not asked about before its turn, and starts with what was given', async () => {
    fake = await FakeRun.start([step('a'), echo('b', 'target')]);
    assert.deepEqual(fake.person.waiting, []);
    await fake.exit('a', 0);
    assert.deepEqual(fake.person.waiting, ['b']);
    assert.deepEqual(fake.executor.running, []);
    const { choices, inputs } = fake.person.question('b');
    assert.deepEqual(choices, ['give']);
    assert.deepEqual(inputs, [{ name: 'target' }]);
    await fake.person.answer('b', 'give', { inputs: { target: 'live' } });
    assert.equal(toldTo('b'), 'live');
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    const [asked] = fake.recorder.all('input.asked');
    const [answered] = fake.recorder.all('input.answered');
    assert.equal(asked?.node, 'b');
    assert.deepEqual(answered?.inputs, { target: 'live' });
  });

  it('does not count the waiting for its timeout', async () => {
    fake = await FakeRun.start([echo('a', 'x', { timeoutMs: 1_000 })]);
    await fake.clock.pass(60_000);
    await fake.person.answer('a', 'give', { inputs: { x: '1' } });
    await fake.clock.pass(900);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('is not asked for what the run has been told, and only once by those that want the same', async () => {
    const nodes = [group('g', 'parallel', echo('a', 'x'), echo('b', 'x')), echo('c', 'x')];
    fake = await FakeRun.start(nodes);
    assert.deepEqual(fake.person.waiting, ['a']);
    await fake.person.answer('a', 'give', { inputs: { x: 'once' } });
    assert.deepEqual(fake.executor.running.toSorted(), ['a', 'b']);
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    assert.equal(toldTo('c'), 'once');
    await fake.exit('c', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.equal(fake.recorder.all('input.asked').length, 1);
  });

  it('takes the default where nobody can answer, filled with what the run knows', async () => {
    const fallback = ['to ', { variable: 'WHERE' }];
    fake = await FakeRun.start([echo('a', 'x', { asks: [input('x', { fallback })] })], (run) => {
      run.ask = undefined;
      run.variables.set('WHERE', 'test');
    });
    assert.equal(toldTo('a'), 'to test');
    assert.equal(fake.recorder.all('input.answered')[0]?.by, 'the default');
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('fails at once where nobody can answer and there is no default, by its own rules', async () => {
    const nobody = (run: FakeRun): void => void (run.ask = undefined);
    fake = await FakeRun.start([echo('a', 'x'), step('b')], nobody);
    const end = { kind: 'unanswered', detail: 'nobody is there to give one' } as const;
    assert.deepEqual(await fake.run.ended, {
      outcome: 'failed',
      cause: { kind: 'step', step: 'a', end },
    });
    assert.equal(fake.recorder.all('step.started').length, 0);
    assertInvariants(fake.recorder.events);
    const excused = [{ on: ['unanswered'], action: { kind: 'ignore' } }] as const;
    fake = await FakeRun.start([echo('a', 'x', { onFailure: excused })], nobody);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.ok(fake.story.includes('step.ended a ignored'));
  });

  it('is skipped without a question when its condition does not hold; what that asks for is asked first', async () => {
    const isLive = { ...echo('b', 'x'), when: equal('input:x', 'live') };
    fake = await FakeRun.start([{ ...echo('a', 'y'), when: equal('no', 'yes') }, isLive]);
    assert.deepEqual(fake.person.waiting, ['b']);
    await fake.person.answer('b', 'give', { inputs: { x: 'test' } });
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.ok(fake.story.includes('step.ended b skipped'));
    assert.equal(fake.recorder.all('input.asked').length, 1);
  });

  it('can be a group, a service or a stage, and starts only with the answer', async () => {
    const asks = [input('x')];
    const nodes: Node[] = [
      service('db', { asks: [input('tag')] }),
      { ...group('g', 'serial', step('a')), asks },
    ];
    const whole = plan(...nodes);
    const stages = whole.stages.map((stage) => ({ ...stage, asks: [input('where')] }));
    fake = await FakeRun.startPlan({ ...whole, stages });
    const stage = stages[0]!.name;
    assert.deepEqual(fake.person.waiting, [stage]);
    assert.equal(fake.recorder.all('stage.started').length, 0);
    await fake.person.answer(stage, 'give', { inputs: { where: 'here' } });
    assert.deepEqual(fake.executor.running, []);
    await fake.person.answer('db', 'give', { inputs: { tag: '7' } });
    assert.deepEqual(fake.executor.running, ['db']);
    assert.equal(fake.recorder.all('group.started').length, 0);
    await fake.person.answer('g', 'give', { inputs: { x: '1' } });
    assert.deepEqual(fake.executor.running, ['db', 'a']);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('fails as a group, a service or a stage where nobody can answer', async () => {
    const asks = [input('x')];
    const asked: Node[] = [{ ...group('g', 'serial', step('a')), asks }, service('db', { asks })];
    for (const node of asked) {
      fake = await FakeRun.start([node, step('z')], (run) => void (run.ask = undefined));
      const { outcome, cause } = await fake.run.ended;
      assert.equal(outcome, 'failed');
      assert.match(JSON.stringify(cause), /it got no answer: nobody is there to give one/);
      assertInvariants(fake.recorder.events);
    }
    const whole = plan(step('a'));
    const stages = whole.stages.map((stage) => ({ ...stage, asks }));
    fake = await FakeRun.startPlan({ ...whole, stages }, (run) => void (run.ask = undefined));
    const { cause } = await fake.run.ended;
    assert.equal(cause?.kind, 'stage');
  });

  it('ends when the run is cancelled while it waits for an answer, or for its turn to ask', async () => {
    fake = await FakeRun.start([group('g', 'parallel', echo('a', 'x'), echo('b', 'y'))]);
    fake.run.cancel('INT');
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.deepEqual(fake.executor.running, []);
  });
});
