import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { approval, command, group, plan, service, step } from '../../test/rig/plans.ts';

import type { CommandRefusal, RunCommand } from '../event/run-command.ts';
import type { FailureRule } from '../plan/failure-rules.ts';
import type { ApprovalInput, RunStep } from '../plan/plan.ts';

let fake: FakeRun;

const asked: readonly FailureRule[] = [
  { action: { kind: 'ask', timeoutMs: 60_000, then: { kind: 'fail' } } },
];

const input = (name: string, more: Partial<ApprovalInput> = {}): ApprovalInput => ({
  name,
  as: `input:${name}`,
  ...more,
});

/** A step that is told what was given. */
const echo = (id: string, ...asks: readonly ApprovalInput[]): RunStep =>
  step(id, {
    command: {
      ...command('echo'),
      environment: asks.map(({ name, as }) => ({ name, value: [{ variable: as }] })),
    },
    asks,
  });

const refusal = (
  given: Omit<Extract<RunCommand, { do: 'answer' }>, 'do' | 'by'>,
): CommandRefusal => {
  const taken = fake.run.take({ do: 'answer', by: 'ann', ...given });
  assert.ok(!taken.ok);
  return taken.failure;
};

afterEach(() => {
  if (fake.recorder.all('run.ended').length > 0) assertInvariants(fake.recorder.events);
});

describe('a question about a failure that is answered by a command', () => {
  for (const [choice, outcome] of [
    ['ignore', 'ignored'],
    ['succeed', 'succeeded'],
    ['fail', 'failed'],
    ['abort', 'failed'],
  ] as const)
    it(`has the step ${outcome} by '${choice}'`, async () => {
      fake = await FakeRun.start([step('a', { onFailure: asked })]);
      await fake.exit('a', 3);
      await fake.take({ do: 'answer', step: 'a', choice });
      await fake.run.ended;
      assert.ok(fake.story.includes(`step.ended a ${outcome}`));
      const [said] = fake.recorder.all('step.answered');
      assert.deepEqual([said?.answer, said?.by], [choice, 'ann']);
    });

  it('has it run once more, and can be answered again', async () => {
    fake = await FakeRun.start([step('a', { onFailure: asked })]);
    for (const code of [3, 4]) {
      await fake.exit('a', code);
      await fake.take({ do: 'answer', step: 'a', choice: 'retry' });
      await fake.clock.pass(0);
    }
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('is of a group, too', async () => {
    const whole = { ...group('g', 'serial', step('a')), onFailure: asked };
    fake = await FakeRun.start([whole]);
    await fake.exit('a', 3);
    await fake.take({ do: 'answer', step: 'g', choice: 'ignore' });
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('takes no choice that it does not give, and waits on', async () => {
    fake = await FakeRun.start([step('a', { onFailure: asked })]);
    await fake.exit('a', 3);
    assert.deepEqual(refusal({ step: 'a', choice: 'approve' }), {
      kind: 'bad-answer',
      detail: "'approve' is none of retry, ignore, succeed, fail, abort",
    });
    const approved = fake.run.take({ do: 'approve', by: 'ann', step: 'a' });
    assert.equal(!approved.ok && approved.failure.kind, 'not-asked');
    await fake.take({ do: 'answer', step: 'a', choice: 'fail' });
    await fake.run.ended;
  });
});

describe('inputs that are given by a command', () => {
  it('are checked by the rules of each, and taken as by default where nothing is said', async () => {
    const asks = [
      input('where', { required: true, allowed: [['test'], ['live']] }),
      input('tag', { pattern: 'v[0-9]+', fallback: ['v1'] }),
    ];
    fake = await FakeRun.start([echo('a', ...asks)]);
    for (const [inputs, detail] of [
      [{}, "its input 'where' is required"],
      [{ where: 'moon' }, "its input 'where' is to be one of test, live, and is not"],
      [{ where: 'live', tag: '7' }, "its input 'tag' is to match v[0-9]+, and does not"],
    ] as const)
      assert.deepEqual(refusal({ step: 'a', choice: 'give', inputs }), {
        kind: 'bad-answer',
        detail,
      });
    await fake.take({ do: 'answer', step: 'a', choice: 'give', inputs: { where: 'live' } });
    const { environment } = fake.executor.task('a').spec;
    assert.deepEqual([environment['where'], environment['tag']], ['live', 'v1']);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('are of a stage, a service and a group, by their names or ids', async () => {
    const g = { ...group('g', 'serial', step('a')), asks: [input('x')] };
    const whole = plan(service('db', { asks: [input('tag')] }), g);
    const stages = whole.stages.map((one) => ({ ...one, name: 'Build', asks: [input('y')] }));
    fake = await FakeRun.startPlan({ ...whole, stages });
    const give = (name: string) => fake.take({ do: 'answer', step: name, choice: 'give' });
    assert.equal(refusal({ step: 'db', choice: 'give' }).kind, 'not-asked');
    await give('Build');
    await give('db');
    await give('g');
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('that are secrets reach the step, are masked from then on, and told nowhere', async () => {
    fake = await FakeRun.start([echo('a', input('token'), input('user'))]);
    const inputs = { token: 'abc-12345', user: 'bob' };
    assert.deepEqual(refusal({ step: 'a', choice: 'give', inputs, secrets: ['tokn'] }), {
      kind: 'bad-answer',
      detail: "it asks for no input 'tokn'",
    });
    await fake.take({ do: 'answer', step: 'a', choice: 'give', inputs, secrets: ['token'] });
    assert.equal(fake.executor.task('a').spec.environment['token'], 'abc-12345');
    assert.deepEqual(fake.recorder.hidden, ['abc-12345']);
    const [said] = fake.recorder.all('input.answered');
    assert.deepEqual(said?.inputs, { token: '********', user: 'bob' });
    assert.doesNotMatch(JSON.stringify(fake.recorder.events), /abc-12345/);
    await fake.exit('a', 0);
    await fake.run.ended;
  });

  it('can be secrets of an approval, too', async () => {
    const inputs = [{ name: 'token', as: 'TOKEN' }];
    fake = await FakeRun.start([approval('ok', { inputs })]);
    const given = { token: 'abc-12345' };
    await fake.take({ do: 'approve', step: 'ok', inputs: given, secrets: ['token'] });
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.equal(fake.variables.get('TOKEN'), 'abc-12345');
    assert.deepEqual(fake.recorder.hidden, ['abc-12345']);
    assert.doesNotMatch(JSON.stringify(fake.recorder.events), /abc-12345/);
  });
});

it('an answer where nothing is asked is refused with what is', async () => {
  fake = await FakeRun.start([step('a'), echo('b', input('x'))]);
  await fake.exit('a', 0);
  assert.deepEqual(refusal({ step: 'a', choice: 'retry' }), {
    kind: 'not-asked',
    step: 'a',
    asking: ['b'],
    wanted: 'answer',
  });
  assert.equal(refusal({ step: 'nobody', choice: 'retry' }).kind, 'unknown-step');
  fake.run.cancel('INT');
  await fake.run.ended;
});
