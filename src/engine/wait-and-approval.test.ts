import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { approval, command, group, service, step, wait } from '../../test/rig/plans.ts';

import type { Probe, RunStep } from '../plan/plan.ts';

const tcp = (port: number): Probe => ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 30_000 });

let fake: FakeRun;

const echo = (id: string, variable: string): RunStep => {
  const environment = [{ name: 'TOLD', value: [{ variable }] }];
  return step(id, { command: { ...command('echo'), environment } });
};

const toldTo = (name: string): string | undefined =>
  fake.executor.task(name).spec.environment['TOLD'];

afterEach(() => {
  if (fake.recorder.all('run.ended').length > 0) assertInvariants(fake.recorder.events);
});

describe('a step that waits', () => {
  it('waits its time once the services before it are ready, which live on meanwhile', async () => {
    fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), wait('w', 60_000), step('a')]);
    await fake.clock.pass(5_000);
    assert.equal(fake.recorder.all('step.started').length, 0);
    fake.open('db');
    await fake.clock.pass(250);
    assert.deepEqual(fake.recorder.all('step.waiting')[0]?.services, ['db']);
    assert.equal(fake.recorder.all('step.started')[0]?.step, 'w');
    await fake.clock.pass(59_700);
    assert.deepEqual(fake.executor.running, ['db']);
    await fake.clock.pass(300);
    assert.deepEqual(fake.executor.running, ['db', 'a']);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('is stopped at its timeout when that is shorter', async () => {
    fake = await FakeRun.start([wait('w', 60_000, { timeoutMs: 1_000 }), step('a')]);
    await fake.clock.pass(1_000);
    const end = { kind: 'timed-out', afterMs: 1_000 } as const;
    assert.deepEqual(await fake.run.ended, {
      outcome: 'failed',
      cause: { kind: 'step', step: 'w', end },
    });
    assert.ok(fake.story.includes('step.ended w timed-out'));
  });

  it('ends at once when the run is cancelled', async () => {
    fake = await FakeRun.start([wait('w', 60_000)]);
    await fake.clock.pass(10);
    fake.run.cancel('INT');
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.ok(fake.story.includes('step.ended w cancelled'));
  });

  it('ends when a service dies that must not', async () => {
    fake = await FakeRun.start([service('db'), wait('w', 60_000)]);
    await fake.exit('db', 1);
    assert.equal((await fake.run.ended).cause?.kind, 'service');
    assert.ok(fake.story.includes('step.ended w cancelled'));
  });
});

describe('an approval', () => {
  it('is asked for once the services before it are ready, with its texts filled', async () => {
    fake = await FakeRun.start(
      [
        service('db', { ready: [tcp(1)] }),
        approval('ok', {
          message: ['deploy ', { variable: 'WHAT' }, '?'],
          timeoutMs: 86_400_000,
          inputs: [
            {
              name: 'target',
              as: 'approved:target',
              required: true,
              fallback: [{ variable: 'WHERE' }],
              allowed: [['test'], [{ variable: 'WHERE' }]],
            },
          ],
        }),
        echo('a', 'approved:target'),
      ],
      ({ variables }) => variables.set('WHAT', 'it').set('WHERE', 'live'),
    );
    assert.deepEqual(fake.person.waiting, []);
    fake.open('db');
    await fake.clock.pass(50);
    assert.deepEqual(fake.person.question('ok'), {
      id: 'ok',
      name: 'ok',
      message: 'deploy it?',
      inputs: [{ name: 'target', required: true, fallback: 'live', allowed: ['test', 'live'] }],
      choices: ['approve', 'reject'],
      timeoutMs: 86_400_000,
    });
    await fake.person.answer('ok', 'approve');
    assert.equal(toldTo('a'), 'live');
    const [answered] = fake.recorder.all('step.answered');
    assert.deepEqual(
      [answered?.answer, answered?.by, answered?.inputs],
      ['approve', 'ann', { target: 'live' }],
    );
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(
      fake.story.filter((line) => line.includes(' ok')),
      [
        'step.waiting ok',
        'step.started ok',
        'step.asked ok',
        'step.answered ok',
        'step.ended ok succeeded',
      ],
    );
  });

  it('that is refused is the cause of the failure, with who said so and why', async () => {
    fake = await FakeRun.start([approval('ok'), step('a')]);
    await fake.person.answer('ok', 'reject', { comment: 'not today' });
    const end = { kind: 'rejected', by: 'ann', comment: 'not today' } as const;
    assert.deepEqual(await fake.run.ended, {
      outcome: 'failed',
      cause: { kind: 'step', step: 'ok', end },
    });
    assert.ok(fake.story.includes('step.ended a skipped'));
  });

  it('that nobody gives in time has run into its timeout, and is not asked for any more', async () => {
    fake = await FakeRun.start([approval('ok', { timeoutMs: 1_000 })]);
    assert.deepEqual(fake.person.waiting, ['ok']);
    await fake.clock.pass(1_000);
    assert.deepEqual(fake.person.waiting, []);
    const { cause } = await fake.run.ended;
    assert.deepEqual(cause?.kind === 'step' && cause.end, {
      kind: 'timed-out',
      afterMs: 1_000,
      isUnanswered: true,
    });
  });

  it('that nobody can give fails at once, and says what to do', async () => {
    fake = await FakeRun.start([approval('ok')]);
    await fake.person.leave('ok', 'give `--approve ok`');
    const { cause } = await fake.run.ended;
    assert.deepEqual(cause?.kind === 'step' && cause.end, {
      kind: 'unanswered',
      detail: 'give `--approve ok`',
    });

    fake = await FakeRun.start([approval('ok')], (run) => {
      run.ask = undefined;
    });
    const { cause: other } = await fake.run.ended;
    assert.equal(other?.kind === 'step' && other.end.kind, 'unanswered');
  });

  it('with an answer that cannot be taken is none', async () => {
    fake = await FakeRun.start([
      approval('ok', { inputs: [{ name: 'n', as: 'N', pattern: '[0-9]+' }] }),
    ]);
    await fake.person.answer('ok', 'approve', { inputs: { n: '12x' } });
    const { cause } = await fake.run.ended;
    assert.deepEqual(cause?.kind === 'step' && cause.end, {
      kind: 'unanswered',
      detail: "its input 'n' is to match [0-9]+, and does not",
    });
  });

  it('keeps its services alive and watched, and ends when one of them dies that must not', async () => {
    fake = await FakeRun.start([service('db'), approval('ok')]);
    await fake.clock.pass(3_600_000);
    assert.deepEqual(fake.executor.running, ['db']);
    await fake.exit('db', 1);
    assert.deepEqual(fake.person.waiting, []);
    assert.equal((await fake.run.ended).cause?.kind, 'service');
    assert.ok(fake.story.includes('step.ended ok cancelled'));
  });

  it('holds nobody up who stands beside it, and ends with the run', async () => {
    fake = await FakeRun.start([group('p', 'parallel', approval('ok'), step('a'))]);
    await fake.exit('a', 0);
    assert.deepEqual(fake.person.waiting, ['ok']);
    fake.run.cancel('TERM');
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.deepEqual(fake.person.waiting, []);
  });
});
