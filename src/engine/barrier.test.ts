import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { group, service, step } from '../../test/rig/plans.ts';

import type { Probe } from '../plan/plan.ts';

const tcp = (port: number, more: Partial<Probe> = {}): Probe =>
  ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 30_000, ...more }) as Probe;

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

  it('tells the last line that a command printed, but not one whose beginning is gone', async () => {
    const run = { kind: 'argv', argv: [['check']] } as const;
    const answerTo = async (output: string, isCut: boolean): Promise<string | undefined> => {
      const fake = await FakeRun.start(
        [service('db', { ready: [{ kind: 'exec', run, timeoutMs: 1_000 }] }), step('a')],
        ({ executor }) => {
          executor.setUp = (task) => {
            task.onExec = () => ({ exit: { kind: 'code', code: 2 }, output, isCut });
          };
        },
      );
      await fake.clock.pass(1_000);
      const { cause } = await fake.run.ended;
      assert.ok(cause?.kind === 'service' && cause.end.kind === 'not-ready');
      return cause.end.asked[0]?.answer;
    };
    assert.equal(await answerTo('one\ntwo \n', false), 'exit code 2: two');
    assert.equal(await answerTo('\nsecret\ntwo\n', true), 'exit code 2: two');
    assert.equal(await answerTo('half a secret  \n \n', true), 'exit code 2');
    assert.equal(await answerTo('half a secret', true), 'exit code 2');
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
