import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { fail } from '../base/result.ts';
import { FakeExecutor } from '../executor/fake/fake-executor.ts';
import { equal, group, service, step } from '../../test/rig/plans.ts';

import type { Stopped } from '../executor/executor.ts';
import type { Command, Probe, RunStep } from '../plan/plan.ts';

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

describe('barrier', () => {
  // db ─┐
  // api ┴─▶ test
  it('lets services start together, and a step wait once for the slowest', async () => {
    const fake = await FakeRun.start([
      service('db', { ready: [tcp(1)] }),
      service('api', { ready: [tcp(2)] }),
      step('test'),
    ]);
    assert.deepEqual(fake.executor.running, ['db', 'api']);
    fake.open('api');
    await fake.clock.pass(100);
    assert.deepEqual(fake.executor.running, ['db', 'api']);
    fake.open('db');
    await fake.clock.pass(20);
    assert.deepEqual(fake.executor.running, ['db', 'api', 'test']);
    assert.deepEqual(fake.recorder.all('step.waiting')[0]?.services, ['db', 'api']);
  });

  it('lets a service wait only for what it names', async () => {
    const fake = await FakeRun.start([
      service('db', { ready: [tcp(1)] }),
      service('api', { needs: ['db'] }),
      service('cache'),
      step('test'),
    ]);
    assert.deepEqual(fake.executor.running, ['db', 'cache']);
    fake.open('db');
    await fake.clock.pass(20);
    assert.deepEqual(fake.executor.running, ['db', 'cache', 'api', 'test']);
  });

  it('holds nobody up in another branch, unless they name the service', async () => {
    const fake = await FakeRun.start([
      group(
        'p',
        'parallel',
        group('left', 'serial', service('db', { ready: [tcp(1)] }), step('a')),
        step('b'),
        step('c', { needs: ['db'] }),
      ),
    ]);
    assert.deepEqual(fake.executor.running, ['db', 'b']);
    fake.open('db');
    await fake.clock.pass(20);
    assert.deepEqual(fake.executor.running.toSorted(), ['a', 'b', 'c', 'db']);
  });

  it('waits for a log line from the first one on', async () => {
    const fake = await FakeRun.start(
      [
        service('db', { ready: [{ kind: 'log', pattern: 'ready to', timeoutMs: 1_000 }] }),
        step('a'),
      ],
      ({ executor }) => {
        executor.setUp = (task) => {
          if (task.spec.name === 'db') task.print('is ready');
        };
      },
    );
    assert.deepEqual(fake.executor.running, ['db']);
    fake.executor.task('db').print(' to accept\n', 'stderr');
    await settle();
    assert.deepEqual(fake.executor.running, ['db']);
    fake.executor.task('db').print(' to accept\n');
    await settle();
    assert.deepEqual(fake.executor.running, ['db', 'a']);
  });

  it('hears a last word that comes after the end of who said it, and not for ever', async () => {
    for (const word of ['ready', 'goodbye']) {
      const fake = await FakeRun.start(
        [
          service('db', { ready: [{ kind: 'log', pattern: 'ready', timeoutMs: 9_000 }] }),
          step('a'),
        ],
        ({ executor }) => {
          executor.setUp = (task) => (task.isOutputHeld = task.spec.name === 'db');
        },
      );
      await fake.exit('db', 0);
      fake.executor.task('db').print(`${word}\n`);
      await settle();
      assert.deepEqual(fake.executor.running, word === 'ready' ? ['a'] : []);
      await fake.clock.pass(500);
      fake.executor.task('db').isOutputHeld = false;
      fake.executor.task('db').print('');
      if (word === 'ready') await fake.exit('a', 0);
      const { outcome, cause } = await fake.run.ended;
      if (word === 'ready') assert.equal(outcome, 'succeeded');
      else assert.ok(cause?.kind === 'service' && cause.end.kind === 'exited-early');
    }
  });

  it('asks a command inside the service until it passes', async () => {
    const run = { kind: 'argv', argv: [['pg_isready']] } as const;
    const fake = await FakeRun.start(
      [service('db', { ready: [{ kind: 'exec', run, timeoutMs: 1_000 }] }), step('a')],
      ({ executor }) => {
        executor.setUp = (task) => {
          task.onExec = () => ({
            exit: { kind: 'code', code: task.execs.length < 3 ? 2 : 0 },
            output: 'no response\n',
          });
        };
      },
    );
    await fake.clock.pass(100);
    assert.deepEqual(fake.executor.task('db').execs, ['pg_isready', 'pg_isready', 'pg_isready']);
    assert.deepEqual(fake.executor.running, ['db', 'a']);
  });

  it('asks the health check of its image, at its own pace', async () => {
    const fake = await FakeRun.start(
      [service('db', { ready: [{ kind: 'health', timeoutMs: 1_000 }] }), step('a')],
      ({ executor }) => {
        executor.setUp = (task) => {
          task.healthcheck = { kind: 'argv', argv: ['/bin/sh', '-c', 'curl -f localhost'] };
          task.onExec = () => ({
            exit: { kind: 'code', code: task.execs.length < 3 ? 7 : 0 },
            output: 'connection refused\n',
          });
        };
      },
    );
    await fake.clock.pass(100);
    const asked = '/bin/sh -c curl -f localhost';
    assert.deepEqual(fake.executor.task('db').execs, [asked, asked, asked]);
    assert.deepEqual(fake.executor.running, ['db', 'a']);
  });

  it('tells where a service listens that was asked elsewhere in vain', async () => {
    const listensOn = async (ports: readonly number[] | undefined): Promise<unknown> => {
      const fake = await FakeRun.start([
        service('db', { ready: [{ kind: 'tcp', host: 'localhost', port: 7, timeoutMs: 1_000 }] }),
        step('a'),
      ]);
      fake.executor.task('db').listensOn = ports;
      await fake.clock.pass(1_000);
      const { cause } = await fake.run.ended;
      assert.ok(cause?.kind === 'service' && cause.end.kind === 'not-ready');
      return cause.end.listensOn;
    };
    assert.deepEqual(await listensOn([80, 8080]), [80, 8080]);
    assert.deepEqual(await listensOn([]), []);
    // It listens there, and does not answer as it should.
    assert.equal(await listensOn([7, 80]), undefined);
    assert.equal(await listensOn(undefined), undefined);
  });

  it('never takes an image without a health check for a healthy one', async () => {
    const fake = await FakeRun.start([
      service('db', { ready: [{ kind: 'health', timeoutMs: 1_000 }] }),
      step('a'),
    ]);
    await fake.clock.pass(1_000);
    const { cause } = await fake.run.ended;
    assert.ok(cause?.kind === 'service' && cause.end.kind === 'not-ready');
    assert.equal(cause.end.asked[0]?.answer, 'its image has no health check');
    assert.deepEqual(fake.executor.task('db').execs, []);
  });

  it('wants all probes to pass', async () => {
    const fake = await FakeRun.start([
      service('db', { ready: [tcp(1), { kind: 'log', pattern: 'up', timeoutMs: 9_000 }] }),
      step('a'),
    ]);
    fake.open('db');
    await fake.clock.pass(1_000);
    assert.deepEqual(fake.executor.running, ['db']);
    fake.executor.task('db').print('up\n');
    await settle();
    assert.deepEqual(fake.executor.running, ['db', 'a']);
  });

  it('asks at its own pace: every 20 ms at first, then 50, then 250', async () => {
    let asked = 0;
    const fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), step('a')], (run) => {
      run.answers.get = () => {
        asked += 1;
        return { passed: false, text: 'connection refused' };
      };
    });
    await fake.clock.pass(1_990);
    assert.equal(asked, 100);
    await fake.clock.pass(3_000);
    assert.equal(asked, 160);
    await fake.clock.pass(5_000);
    assert.equal(asked, 180);
  });

  it('asks at once when the service says something, but not all the time', async () => {
    let asked = 0;
    const fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), step('a')], (run) => {
      run.answers.get = () => {
        asked += 1;
        return { passed: false, text: 'connection refused' };
      };
    });
    await fake.clock.pass(6_001);
    const before = asked;
    for (let line = 0; line < 10; line++) {
      fake.executor.task('db').print('loading\n');
      await fake.clock.pass(1);
    }
    // Every other question is at its turn again, or a log of requests would ask for ever.
    assert.equal(asked - before, 1);
    await fake.clock.pass(250);
    fake.executor.task('db').print('loading\n');
    await fake.clock.pass(10);
    assert.equal(asked - before, 3);
  });

  it('tells how often it asked, and what it last heard', async () => {
    const fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), step('a')]);
    await fake.clock.pass(6_000);
    const [told] = fake.recorder.all('service.asked');
    assert.deepEqual(told?.asked, [
      { probe: 'tcp localhost:1', passed: false, times: 161, answer: 'connection refused' },
    ]);
  });
});

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

describe('what takes long to get', () => {
  const boxed = (image: string, more: Partial<Command> = {}): { readonly command: Command } => ({
    command: { run: { kind: 'image' }, environment: [], image: [image], ...more },
  });

  it('is asked for at the start of the run, from each executor what runs there', async () => {
    const containers = new FakeExecutor();
    const fake = await FakeRun.start(
      [
        step('first'),
        group('g', 'serial', service('db', boxed('redis:7', { user: ['12'] }))),
        step('last', boxed('mine/app', { container: { pull: 'always' } })),
      ],
      (run) => {
        run.registries = [{ name: 'mine', host: { value: ['r.example.com'] } }];
        run.executorFor = ({ image }) => (image ? containers : run.executor);
      },
    );
    assert.deepEqual(fake.executor.running, ['first']);
    assert.deepEqual(fake.executor.wishes, [{}]);
    assert.deepEqual(containers.wishes, [
      { image: 'redis:7', user: '12', container: {} },
      { image: 'r.example.com/app', container: { pull: 'always', registry: {} } },
    ]);
  });

  it('is not asked for where something is wrong with it, which is told at its turn', async () => {
    const image = [{ variable: 'NONE' }];
    const fake = await FakeRun.start([step('a', boxed('', { image })), step('b', boxed('b'))]);
    assert.deepEqual(
      fake.executor.wishes.map((wish) => wish.image),
      ['b'],
    );
    assert.equal((await fake.run.ended).cause?.kind, 'step');
  });

  it('is not asked for while a condition says that it is not needed', async () => {
    const when = equal('X', '1');
    const nodes = [
      step('no', { ...boxed('no'), when }),
      { ...group('g', 'serial', step('inside', boxed('inside'))), when },
      step('yes', { ...boxed('yes'), when: { kind: 'not', condition: when } }),
    ];
    const fake = await FakeRun.start(nodes);
    assert.deepEqual(
      fake.executor.wishes.map(({ image }) => image),
      ['yes'],
    );
  });

  it('is told of as it comes', async () => {
    const fake = await FakeRun.start([step('a', boxed('redis:7'))]);
    const there = { kind: 'there', image: 'redis:7', pulled: true } as const;
    fake.executor.told(there);
    assert.deepEqual(fake.recorder.all('image.progress')[0]?.progress, there);
    assert.equal(fake.recorder.all('step.started')[0]?.image, 'redis:7');
  });
});

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
