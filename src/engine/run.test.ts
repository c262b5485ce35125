import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { group, service, step } from '../../test/rig/plans.ts';

import type { Probe } from '../plan/plan.ts';

const tcp = (port: number, more: Partial<Probe> = {}): Probe =>
  ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 30_000, ...more }) as Probe;

describe('order', () => {
  it('runs steps one after the other', async () => {
    const fake = await FakeRun.start([step('a'), step('b')]);
    assert.deepEqual(fake.executor.running, ['a']);
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, ['b']);
    await fake.exit('b', 0);
    assert.deepEqual(await fake.run.ended, { outcome: 'succeeded' });
  });

  it('skips what stands behind a failure, and closes the sandbox', async () => {
    const fake = await FakeRun.start([step('a'), group('g', 'serial', step('b')), step('c')]);
    await fake.exit('a', 3);
    assert.deepEqual(await fake.run.ended, {
      outcome: 'failed',
      cause: { kind: 'step', step: 'a', end: { kind: 'exited', exit: { kind: 'code', code: 3 } } },
    });
    assert.deepEqual(fake.story.slice(-6), [
      'step.ended a failed',
      'group.ended g skipped',
      'step.ended b skipped',
      'step.ended c skipped',
      'stage.ended',
      'run.ended failed',
    ]);
    assert.equal(fake.executor.closed, 1);
  });

  it('runs the members of a parallel group together and cancels the others when one fails', async () => {
    const fake = await FakeRun.start([group('g', 'parallel', step('a'), step('b')), step('c')]);
    assert.deepEqual(fake.executor.running, ['a', 'b']);
    await fake.exit('b', 1);
    assert.deepEqual(fake.executor.task('a').stops, [{ signal: 'TERM', graceMs: 10_000 }]);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.ok(fake.story.includes('step.ended a cancelled'));
    assert.ok(fake.story.includes('step.ended c skipped'));
  });

  it('goes on after a failure that the pipeline allows', async () => {
    const fake = await FakeRun.start([step('a', { continueOnFail: true }), step('b')]);
    await fake.exit('a', 1);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.ok(fake.story.includes('step.ended a ignored'));
  });
});

describe('end', () => {
  it('stops services together, but those that need another before it', async () => {
    const fake = await FakeRun.start(
      [service('db'), service('api', { needs: ['db'] }), service('cache'), step('a')],
      ({ executor }) => {
        executor.setUp = (task) => {
          task.obeysStop = false;
        };
      },
    );
    await fake.exit('a', 0);
    const stops = (name: string): number => fake.executor.task(name).stops.length;
    assert.deepEqual([stops('db'), stops('api'), stops('cache')], [0, 1, 1]);
    await fake.exit('api', 0);
    assert.deepEqual([stops('db'), stops('api'), stops('cache')], [1, 1, 1]);
    await fake.exit('db', 0);
    await fake.exit('cache', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('stops with the signal and grace of the service', async () => {
    const stop = { signal: 'INT', graceMs: 5_000 };
    const fake = await FakeRun.start([service('db', { stop }), step('a')]);
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.task('db').stops, [stop]);
    assert.equal(fake.recorder.all('service.ended')[0]?.end.kind, 'stopped');
  });

  it('ends a service with its group when that is its scope', async () => {
    const fake = await FakeRun.start([
      group('g', 'serial', service('db', { scope: 'group' }), step('a')),
      step('b'),
    ]);
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, ['b']);
  });

  it('hears a service out to its last word', async () => {
    const fake = await FakeRun.start([service('db'), step('a')], ({ executor }) => {
      executor.setUp = (task) => {
        task.obeysStop = false;
      };
    });
    await fake.exit('a', 0);
    fake.executor.task('db').print('bye\n');
    await fake.exit('db', 0);
    await fake.run.ended;
    assert.equal(fake.recorder.printed.get('db'), 'bye\n');
  });
});

describe('cancel', () => {
  it('ends in order at first, and at once when asked again', async () => {
    const fake = await FakeRun.start([service('db'), step('a'), step('b')], ({ executor }) => {
      executor.setUp = (task) => {
        task.obeysStop = false;
      };
    });
    fake.run.cancel('INT');
    await settle();
    assert.deepEqual(fake.executor.task('a').stops, [{ signal: 'TERM', graceMs: 10_000 }]);
    assert.deepEqual(fake.executor.task('db').stops, []);
    fake.run.cancel('INT');
    await settle();
    assert.deepEqual(await fake.run.ended, { outcome: 'cancelled' });
    assert.deepEqual(fake.executor.running, []);
    assert.ok(fake.story.includes('step.ended a cancelled'));
    assert.ok(fake.story.includes('step.ended b skipped'));
    assert.ok(fake.story.includes('service.ended db stopped'));
    assert.equal(fake.executor.closed, 1);
  });

  it('starts nothing behind a step that may fail', async () => {
    const fake = await FakeRun.start([step('a', { continueOnFail: true }), step('b')]);
    fake.run.cancel('INT');
    assert.deepEqual(await fake.run.ended, { outcome: 'cancelled' });
    assert.ok(fake.story.includes('step.ended a cancelled'));
    assert.ok(fake.story.includes('step.ended b skipped'));
  });

  it('starts nothing any more', async () => {
    const fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), step('a')]);
    fake.run.cancel('TERM');
    assert.deepEqual(await fake.run.ended, { outcome: 'cancelled' });
    assert.deepEqual(
      fake.executor.launched.map(({ spec }) => spec.name),
      ['db'],
    );
  });

  it('starts nothing that only waited, and nothing again, while a step takes its grace', async () => {
    const onExit = { kind: 'restart', times: 2, backoffMs: 100 } as const;
    const fake = await FakeRun.start(
      [
        service('db', { ready: [tcp(1)] }),
        service('api', { needs: ['db'] }),
        service('flaky', { onExit }),
        group('p', 'parallel', step('a', { needs: ['flaky'] }), step('b')),
      ],
      ({ executor }) => {
        executor.setUp = (task) => {
          task.obeysStop = false;
        };
      },
    );
    fake.open('db');
    await fake.clock.pass(20);
    const launches = fake.executor.launched.length;
    fake.run.cancel('INT');
    await fake.exit('flaky', 1);
    await fake.clock.pass(5_000);
    assert.equal(fake.executor.launched.length, launches);
    for (const task of fake.executor.launched) if (task.runs) task.exit(0);
    await fake.clock.pass(5_000);
    for (const task of fake.executor.launched) if (task.runs) task.exit(0);
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.ok(!fake.story.includes('service.restarting flaky'));
  });

  it('records nothing any more when it comes after the end', async () => {
    const fake = await FakeRun.start([step('a')]);
    await fake.exit('a', 0);
    await fake.run.ended;
    fake.run.cancel('INT');
    assert.equal(fake.story.at(-1), 'run.ended succeeded');
  });

  it('fails for a reason outside of the pipeline in the same order', async () => {
    const fake = await FakeRun.start([service('db'), step('a')]);
    fake.run.fail('no space left');
    const { cause } = await fake.run.ended;
    assert.deepEqual(cause, { kind: 'environment', detail: 'no space left' });
  });
});
