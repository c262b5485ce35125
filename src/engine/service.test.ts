import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { fail } from '../base/result.ts';
import { service, step } from '../../test/rig/plans.ts';

import type { Stopped } from '../executor/executor.ts';
import type { Probe } from '../plan/plan.ts';

const tcp = (port: number, more: Partial<Probe> = {}): Probe =>
  ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 30_000, ...more }) as Probe;

describe('a service that goes wrong', () => {
  it('fails the run at its timeout, with the last answer', async () => {
    const fake = await FakeRun.start([
      service('db', { ready: [tcp(1, { timeoutMs: 1_000 })] }),
      step('a'),
    ]);
    await fake.clock.pass(999);
    assert.deepEqual(fake.executor.running, ['db']);
    await fake.clock.pass(1);
    const { outcome, cause } = await fake.run.ended;
    assert.equal(outcome, 'failed');
    assert.equal(cause?.kind === 'service' && cause.end.kind, 'not-ready');
    assert.deepEqual(
      cause?.kind === 'service' && cause.end.kind === 'not-ready' && cause.end.asked,
      [{ probe: 'tcp localhost:1', passed: false, times: 50, answer: 'connection refused' }],
    );
    assert.ok(fake.story.includes('step.ended a skipped'));
    assert.equal(fake.executor.task('db').stops.length, 1);
  });

  it('is asked once more when a busy machine overslept its timeout', async () => {
    const fake = await FakeRun.start([
      service('db', { ready: [tcp(1, { timeoutMs: 1_000 })] }),
      step('a'),
    ]);
    await fake.clock.pass(500);
    fake.open('db');
    await fake.clock.oversleep(700);
    assert.deepEqual(fake.executor.running, ['db', 'a']);
  });

  it('has failed by its timeout, however late a busy machine has noticed', async () => {
    const fake = await FakeRun.start([
      service('db', { ready: [tcp(1, { timeoutMs: 1_000 })] }),
      step('a'),
    ]);
    await fake.clock.oversleep(1_400);
    await fake.clock.pass(399);
    assert.deepEqual(fake.executor.running, ['db']);
    await fake.clock.pass(1);
    const { cause } = await fake.run.ended;
    assert.ok(cause?.kind === 'service' && cause.end.kind === 'not-ready');
    assert.equal(cause.end.afterMs, 1_000);
  });

  it('tells the last answer, also when the question after it got none', async () => {
    const run = { kind: 'argv', argv: [['check']] } as const;
    let asked = 0;
    const fake = await FakeRun.start(
      [service('db', { ready: [{ kind: 'exec', run, timeoutMs: 3_000 }] }), step('a')],
      ({ executor }) => {
        executor.setUp = (task) => {
          task.onExec = () =>
            asked++ === 0 ? { exit: { kind: 'code', code: 7 }, output: '' } : undefined;
        };
      },
    );
    await fake.clock.pass(3_000);
    const { cause } = await fake.run.ended;
    assert.ok(cause?.kind === 'service' && cause.end.kind === 'not-ready');
    assert.match(cause.end.asked[0]!.answer, /^exit code 7, then no answer for \d/);
  });

  it('fails at once when no further question could help', async () => {
    const fake = await FakeRun.start([
      service('db', { ready: [{ kind: 'health', timeoutMs: 60_000 }] }),
      step('test'),
    ]);
    const { cause } = await fake.run.ended;
    assert.ok(cause?.kind === 'service' && cause.end.kind === 'not-ready');
    assert.equal(cause.end.afterMs, 0);
    assert.equal(cause.end.asked[0]?.answer, 'its image has no health check');
  });

  it('says that a question was never answered', async () => {
    const run = { kind: 'argv', argv: [['hang']] } as const;
    const fake = await FakeRun.start(
      [service('db', { ready: [{ kind: 'exec', run, timeoutMs: 3_000 }] }), step('a')],
      ({ executor }) => {
        executor.setUp = (task) => {
          task.onExec = () => undefined;
        };
      },
    );
    await fake.clock.pass(3_000);
    const { cause } = await fake.run.ended;
    assert.ok(cause?.kind === 'service' && cause.end.kind === 'not-ready');
    assert.deepEqual(cause.end.asked, [
      { probe: 'exec hang', passed: false, times: 1, answer: 'no answer for 3.0 s' },
    ]);
  });

  it('fails at the moment it ends before it is ready, even with exit code 0', async () => {
    for (const code of [0, 1]) {
      const fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), step('a')]);
      fake.executor.task('db').print('no config\n');
      fake.executor.task('db').leftBehind = [{ pid: 7, command: 'dbd' }];
      await fake.exit('db', code);
      const { cause } = await fake.run.ended;
      assert.deepEqual(cause, {
        kind: 'service',
        service: 'db',
        end: {
          kind: 'exited-early',
          exit: { kind: 'code', code },
          afterMs: 0,
          leftBehind: [{ pid: 7, command: 'dbd' }],
        },
        lastLines: ['no config'],
      });
    }
  });

  it('says what it leaves running when it goes away, although that is no failure', async () => {
    const fake = await FakeRun.start([service('db'), step('a')]);
    fake.executor.task('db').leftBehind = [{ pid: 7, command: 'dbd' }];
    await fake.clock.pass(3_600_000);
    await fake.exit('db', 0);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(fake.recorder.all('service.ended')[0]?.end, {
      kind: 'completed',
      afterMs: 3_600_000,
      leftBehind: [{ pid: 7, command: 'dbd' }],
    });
    assert.match(fake.recorder.all('warning')[0]?.text ?? '', /dbd \(pid 7\); run it in the foreg/);
  });

  it('cancels the step that runs when it dies, and is the cause', async () => {
    const fake = await FakeRun.start([service('db'), step('a'), step('b')]);
    await fake.exit('db', 9);
    const { outcome, cause } = await fake.run.ended;
    assert.equal(outcome, 'failed');
    assert.equal(cause?.kind === 'service' && cause.end.kind, 'died');
    assert.ok(fake.story.includes('step.ended a cancelled'));
    assert.ok(fake.story.includes('step.ended b skipped'));
  });

  it('is the cause also when the step noticed first', async () => {
    const fake = await FakeRun.start([service('db'), step('a')]);
    await fake.exit('a', 1);
    await fake.clock.pass(50);
    await fake.exit('db', 139);
    const { cause } = await fake.run.ended;
    assert.equal(cause?.kind, 'service');
    assert.ok(fake.story.includes('step.ended a failed'));
  });

  it('is not the cause when it goes on living', async () => {
    const fake = await FakeRun.start([service('db'), step('a')]);
    await fake.exit('a', 1);
    await fake.clock.pass(200);
    assert.equal((await fake.run.ended).cause?.kind, 'step');
  });

  it('may end by itself in the moment in which it is stopped, whatever its log is watched for', async () => {
    const log = { kind: 'log', pattern: 'never', timeoutMs: 30_000 } as const;
    const fake = await FakeRun.start([service('db', { ready: [log] }), step('a')]);
    fake.executor.task('db').exit(1);
    fake.run.cancel('INT');
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    await settle();
    assert.ok(fake.story.includes('service.ended db stopped'), fake.story.join('\n'));
  });

  it('is let be under `ignore`', async () => {
    const fake = await FakeRun.start([
      service('db', { onExit: { kind: 'ignore' }, ready: [tcp(1)] }),
      step('a'),
    ]);
    await fake.exit('db', 1);
    assert.deepEqual(fake.executor.running, ['a']);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.equal(fake.recorder.all('service.ended')[0]?.verdict, 'ignore');
  });

  it('fails a step that names it, even when its own end is ignored', async () => {
    const fake = await FakeRun.start([
      service('db', { onExit: { kind: 'ignore' }, ready: [tcp(1)] }),
      step('a', { needs: ['db'] }),
    ]);
    await fake.exit('db', 1);
    await fake.clock.pass(200);
    assert.deepEqual((await fake.run.ended).cause, {
      kind: 'step',
      step: 'a',
      end: { kind: 'needs', service: 'db' },
    });
  });

  it('fails a step that names it when it dies while the step still waits for others', async () => {
    const fake = await FakeRun.start([
      service('db', { onExit: { kind: 'ignore' } }),
      service('slow', { ready: [tcp(2)] }),
      step('a', { needs: ['db'] }),
    ]);
    await fake.exit('db', 1);
    await fake.clock.pass(200);
    assert.deepEqual((await fake.run.ended).cause, {
      kind: 'step',
      step: 'a',
      end: { kind: 'needs', service: 'db' },
    });
    assert.ok(!fake.story.some((event) => event.startsWith('step.started')));
  });

  it('may end by itself with exit code 0, with a note when that was soon', async () => {
    const fake = await FakeRun.start([service('db'), step('a')]);
    await fake.exit('db', 0);
    assert.deepEqual(fake.executor.running, ['a']);
    assert.match(fake.recorder.all('warning')[0]?.text ?? '', /ended by itself with exit code 0/);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('cannot be launched: the run fails with what the executor said', async () => {
    const fake = await FakeRun.start([service('db'), step('a')], ({ executor }) => {
      executor.refuse = ({ name }) =>
        name === 'db' ? { kind: 'commandNotFound', command: 'dbd' } : undefined;
    });
    const { cause } = await fake.run.ended;
    assert.deepEqual(cause?.kind === 'service' && cause.end, {
      kind: 'start-error',
      failure: { kind: 'commandNotFound', command: 'dbd' },
    });
  });

  it('fails the run at once, also when its end takes a while yet', async () => {
    for (const [probe, wait] of [
      [tcp(1, { timeoutMs: 1_000 }), 1_000],
      [undefined, 0],
    ] as const) {
      const fake = await FakeRun.start(
        [service('db', { ready: probe ? [probe] : [], onExit: { kind: 'fail' } }), step('a')],
        ({ executor }) => {
          executor.setUp = (task) => {
            task.stop = ({ signal, graceMs }) => {
              task.stops.push({ signal, graceMs });
              return new Promise(() => undefined);
            };
          };
        },
      );
      if (!probe) await fake.exit('db', 1);
      await fake.clock.pass(wait);
      const about = probe ? 'step.ended a skipped' : undefined;
      if (about) assert.ok(fake.story.includes(about), fake.story.join('\n'));
      else assert.equal(fake.executor.task('a').stops.length, 1);
      assert.ok(!fake.story.includes('run.ended failed'));
    }
  });

  it('is the cause also when the step fails while what it left behind is being ended', async () => {
    const fake = await FakeRun.start([service('db'), step('a')]);
    const stopped = Promise.withResolvers<Stopped>();
    fake.executor.task('db').stop = () => stopped.promise;
    fake.executor.task('a').obeysStop = false;
    await fake.exit('db', 1);
    await fake.exit('a', 1);
    await fake.clock.pass(600);
    stopped.resolve({ killed: false, leftBehind: [] });
    assert.equal((await fake.run.ended).cause?.kind, 'service');
  });

  it('cannot even be launched where there is no place for it: the environment is the cause', async () => {
    const fake = await FakeRun.start(
      [service('db', { onExit: { kind: 'ignore' } }), step('a')],
      ({ executor }) => {
        executor.open = () =>
          Promise.resolve(fail({ kind: 'executorUnavailable', executor: 'fake', detail: 'gone' }));
      },
    );
    const { cause } = await fake.run.ended;
    assert.ok(cause?.kind === 'environment');
    assert.match(cause.detail, /gone/);
  });

  it('finds a stranger on its port before it starts', async () => {
    const stranger = { pid: 812, command: 'redis-server' };
    const fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), step('a')], (run) => {
      run.executor.listeners.set(1, stranger);
    });
    const { cause } = await fake.run.ended;
    assert.deepEqual(cause?.kind === 'service' && cause.end, {
      kind: 'port-taken',
      port: 1,
      by: stranger,
    });
    assert.deepEqual(fake.executor.launched, []);
  });

  it('is ready where nothing leads to it from here, as far as the kernel can tell', async () => {
    for (const [kind, isReady] of [
      ['tcp', true],
      ['http', false],
    ] as const) {
      const http = { kind: 'http', url: 'http://localhost:1/', status: [], headers: {} } as const;
      const probe = kind === 'tcp' ? tcp(1) : { ...http, timeoutMs: 100 };
      let listens = false;
      const fake = await FakeRun.start([service('db', { ready: [probe] }), step('a')], (run) => {
        run.executor.setUp = (task) => {
          task.listensInside = (port) => Promise.resolve(listens && port === 1);
        };
      });
      await fake.clock.pass(40);
      assert.equal(fake.story.includes('service.ready db'), false);
      listens = true;
      await fake.clock.pass(80);
      assert.equal(fake.story.includes('service.ready db'), isReady, kind);
      const { end } = fake.recorder.all('service.ended')[0] ?? {};
      if (end?.kind === 'not-ready') assert.match(end.asked[0]?.answer ?? '', /its loopback alone/);
      else assert.equal(isReady, true);
      fake.run.cancel('INT');
      await fake.run.ended;
    }
  });

  it('is not ready when nobody listens any more by the time one looks', async () => {
    const fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), step('a')], (run) => {
      run.open('db');
      run.executor.setUp = (task) => {
        task.listening = { by: 'nobody' };
      };
    });
    await fake.clock.pass(1_000);
    assert.deepEqual(fake.executor.running, ['db']);
    fake.executor.task('db').listening = { by: 'task' };
    await fake.clock.pass(20);
    assert.deepEqual(fake.executor.running, ['db', 'a']);
  });

  it('is not ready when a stranger answers for it', async () => {
    const stranger = { pid: 812, command: 'redis-server' };
    const fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), step('a')], (run) => {
      run.open('db');
      run.executor.setUp = (task) => {
        task.listening = { by: 'stranger', stranger };
      };
    });
    const { cause } = await fake.run.ended;
    assert.equal(cause?.kind === 'service' && cause.end.kind, 'port-taken');
  });
});

describe('restart', () => {
  const onExit = { kind: 'restart', times: 2, backoffMs: 1_000 } as const;

  it('starts again after its back-off, up to its times', async () => {
    const fake = await FakeRun.start([service('db', { onExit }), step('a')]);
    await fake.exit('db', 1);
    await fake.clock.pass(999);
    assert.equal(fake.executor.launched.filter(({ spec }) => spec.name === 'db').length, 1);
    await fake.clock.pass(1);
    assert.deepEqual(fake.executor.running, ['a', 'db']);
    await fake.exit('db', 1);
    await fake.clock.pass(1_999);
    assert.deepEqual(fake.executor.running, ['a']);
    await fake.clock.pass(1);
    assert.deepEqual(fake.executor.running, ['a', 'db']);
    await fake.exit('db', 1);
    assert.equal((await fake.run.ended).cause?.kind, 'service');
    assert.equal(fake.executor.launched.filter(({ spec }) => spec.name === 'db').length, 3);
  });

  it('makes a step that starts meanwhile wait again', async () => {
    const fake = await FakeRun.start(
      [service('db', { onExit, ready: [tcp(1)] }), step('a'), step('b')],
      (run) => run.open('db'),
    );
    await fake.exit('db', 1);
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, []);
    await fake.clock.pass(1_020);
    assert.deepEqual(fake.executor.running, ['db', 'b']);
  });

  it('does not start again once the run ends', async () => {
    const fake = await FakeRun.start([service('db', { onExit }), step('a')]);
    await fake.exit('db', 1);
    await fake.exit('a', 0);
    await fake.clock.pass(5_000);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.equal(fake.executor.launched.length, 2);
  });
});
