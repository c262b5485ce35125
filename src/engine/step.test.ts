import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { service, step } from '../../test/rig/plans.ts';

import type { Probe, RunStep } from '../plan/plan.ts';

const tcp = (port: number, more: Partial<Probe> = {}): Probe =>
  ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 30_000, ...more }) as Probe;

describe('a step', () => {
  it('ends at its timeout, whole', async () => {
    const fake = await FakeRun.start([step('a', { timeoutMs: 2_000 })]);
    await fake.clock.pass(2_000);
    const { cause } = await fake.run.ended;
    assert.deepEqual(cause, {
      kind: 'step',
      step: 'a',
      end: { kind: 'timed-out', afterMs: 2_000 },
    });
    assert.ok(fake.story.includes('step.ended a timed-out'));
    assert.equal(fake.executor.task('a').stops.length, 1);
  });

  it('is tried again after its back-off', async () => {
    const fake = await FakeRun.start([step('a', { retry: { attempts: 2, backoffMs: 500 } })]);
    await fake.exit('a', 1);
    assert.deepEqual(fake.executor.running, []);
    await fake.clock.pass(500);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(
      fake.recorder.all('step.started').map(({ attempt }) => attempt),
      [1, 2],
    );
  });

  it('says what it left running', async () => {
    const fake = await FakeRun.start([step('a')]);
    fake.executor.task('a').leftBehind = [{ pid: 12, command: 'sleep 100' }];
    await fake.exit('a', 0);
    await fake.run.ended;
    assert.match(fake.recorder.all('warning')[0]?.text ?? '', /sleep 100 \(pid 12\)/);
  });

  it('tells what may have kept it from its work when it failed, and only then', async () => {
    const start = (more: Partial<RunStep> = {}): Promise<FakeRun> =>
      FakeRun.start([step('a', more)], ({ executor }) => {
        executor.setUp = (task) => {
          task.doubted = ['it may not write', 'it is Monday'];
        };
      });
    const warnings = ({ recorder }: FakeRun): unknown =>
      recorder.all('warning').map(({ about, text }) => [about, text]);

    const failed = await start();
    await failed.exit('a', 1);
    await failed.run.ended;
    assert.deepEqual(warnings(failed), [
      ['a', 'it may not write'],
      ['a', 'it is Monday'],
    ]);
    assert.ok(failed.story.indexOf('warning') < failed.story.indexOf('step.ended a failed'));

    const well = await start();
    await well.exit('a', 0);
    const late = await start({ timeoutMs: 10 });
    await late.clock.pass(10);
    const cancelled = await start();
    cancelled.run.cancel('INT');
    for (const fake of [well, late, cancelled]) {
      await fake.run.ended;
      assert.deepEqual(warnings(fake), []);
    }
  });

  it('gets what it names and where its services are, and nothing else', async () => {
    const command = {
      run: { kind: 'argv', argv: [['test']] } as const,
      environment: [{ name: 'TOKEN', value: [{ variable: 'SECRET' }] }],
    };
    const fake = await FakeRun.start(
      [service('my-db', { ready: [tcp(5432), tcp(8008)] }), step('a', { command })],
      (run) => {
        run.open('my-db');
        run.variables.set('SECRET', 's3').set('OTHER', 'x');
      },
    );
    await fake.clock.pass(20);
    assert.deepEqual(fake.executor.task('a').spec.environment, {
      CONTINUO_MY_DB_HOST: 'localhost',
      CONTINUO_MY_DB_PORT: '5432',
      CONTINUO_MY_DB_PORT_5432: '5432',
      CONTINUO_MY_DB_PORT_8008: '8008',
      TOKEN: 's3',
    });
  });

  it('warns of a variable that nobody gave', async () => {
    const command = {
      run: { kind: 'argv', argv: [['test']] } as const,
      environment: [{ name: 'TOKEN', value: [{ variable: 'SECRET' }] }],
    };
    const fake = await FakeRun.start([step('a', { command })]);
    assert.equal(fake.executor.task('a').spec.environment['TOKEN'], '');
    assert.match(fake.recorder.all('warning')[0]?.text ?? '', /variable SECRET has no value/);
  });
});
