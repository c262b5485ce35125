import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { group, service, step } from '../../test/rig/plans.ts';

import type { Group, Node, Probe } from '../plan/plan.ts';

const tcp = (port: number): Probe => ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 30_000 });
const twice = { retry: { attempts: 2, backoffMs: 500 } };

const serial = (id: string, more: Partial<Group>, ...members: Node[]): Group => ({
  ...group(id, 'serial', ...members),
  ...more,
});
const parallel = (id: string, more: Partial<Group>, ...members: Node[]): Group => ({
  ...group(id, 'parallel', ...members),
  ...more,
});

let fake: FakeRun;
const start = async (...nodes: Node[]): Promise<void> => {
  fake = await FakeRun.start(nodes);
};
const launches = (name: string): number =>
  fake.executor.launched.filter(({ spec }) => spec.name === name).length;
const running = (): string[] => fake.executor.running;
const slowToStop = (name: string): void => {
  fake.executor.task(name).obeysStop = false;
};

afterEach(() => {
  if (fake.recorder.all('run.ended').length > 0) assertInvariants(fake.recorder.events);
});

describe('the attempts of a group', () => {
  it('run all of it again, what stood before the failure and what stood behind it', async () => {
    await start(serial('g', twice, step('a'), step('b'), step('c')), step('d'));
    await fake.exit('a', 0);
    await fake.exit('b', 1);
    assert.deepEqual(running(), []);
    await fake.clock.pass(499);
    assert.deepEqual(running(), []);
    await fake.clock.pass(1);
    for (const name of ['a', 'b', 'c', 'd']) {
      assert.deepEqual(running(), [name]);
      await fake.exit(name, 0);
    }
    assert.deepEqual(await fake.run.ended, { outcome: 'succeeded' });
    assert.deepEqual(fake.story.slice(1, -1), [
      'stage.started',
      'group.started g',
      'step.started a',
      'step.ended a succeeded',
      'step.started b',
      'step.ended b failed',
      'step.ended c skipped',
      'group.retrying g',
      'group.started g',
      'step.started a',
      'step.ended a succeeded',
      'step.started b',
      'step.ended b succeeded',
      'step.started c',
      'step.ended c succeeded',
      'group.ended g succeeded',
      'step.started d',
      'step.ended d succeeded',
      'stage.ended',
    ]);
  });

  it('are as many as it has, and then its failure is that of the run', async () => {
    await start(serial('g', twice, step('a')), step('b'));
    await fake.exit('a', 1);
    await fake.clock.pass(500);
    await fake.exit('a', 2);
    const cause = {
      kind: 'step',
      step: 'a',
      end: { kind: 'exited', exit: { kind: 'code', code: 2 } },
    } as const;
    assert.deepEqual(await fake.run.ended, { outcome: 'failed', cause });
    assert.deepEqual(
      fake.recorder.all('group.started').map(({ attempt }) => attempt),
      [1, 2],
    );
    assert.deepEqual(fake.recorder.all('group.ended')[0]?.end, { kind: 'failed', cause });
    assert.deepEqual(fake.recorder.all('step.ended').at(-1)?.because, { kind: 'failure' });
  });

  it('cancel what runs beside the failure, and wait until it is gone', async () => {
    await start(parallel('g', twice, step('a'), step('b')));
    slowToStop('a');
    await fake.exit('b', 1);
    assert.deepEqual(fake.executor.task('a').stops, [{ signal: 'TERM', graceMs: 10_000 }]);
    await fake.clock.pass(5_000);
    assert.deepEqual([launches('a'), launches('b')], [1, 1]);
    await fake.exit('a', 0);
    await fake.clock.pass(500);
    assert.deepEqual(running(), ['a', 'b']);
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('start its services anew, whatever their scope, and leave those around it alone', async () => {
    await start(
      service('out'),
      serial(
        'g',
        twice,
        service('stays', { ready: [tcp(1)] }),
        service('goes', { scope: 'group', needs: ['stays'] }),
        step('a'),
      ),
      step('b'),
    );
    fake.open('stays');
    await fake.clock.pass(20);
    assert.deepEqual(running(), ['out', 'stays', 'goes', 'a']);
    for (const name of ['stays', 'goes']) slowToStop(name);
    await fake.exit('a', 1);
    await fake.clock.pass(150);
    assert.deepEqual(running(), ['out', 'stays', 'goes']);
    assert.equal(fake.executor.task('stays').stops.length, 0);
    await fake.exit('goes', 0);
    assert.equal(fake.executor.task('stays').stops.length, 1);
    await fake.clock.pass(1_000);
    assert.deepEqual(running(), ['out', 'stays']);
    await fake.exit('stays', 0);
    await fake.clock.pass(520);
    assert.deepEqual(running(), ['out', 'stays', 'goes', 'a']);
    await fake.exit('a', 0);
    assert.deepEqual(running(), ['out', 'stays', 'b']);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual([launches('out'), launches('stays'), launches('goes')], [1, 2, 2]);
  });

  it('leave a step waiting that needs one of its services from another branch', async () => {
    await start(
      parallel(
        'p',
        {},
        serial('g', twice, service('db', { ready: [tcp(1)] }), step('a')),
        step('other', { needs: ['db'] }),
        step('long'),
      ),
    );
    fake.executor.setUp = (task) => {
      if (task.spec.name === 'a') task.exit(launches('a') === 1 ? 1 : 0);
    };
    await fake.exit('db', 1);
    assert.equal((await fake.run.ended).cause?.kind, 'service');

    await start(
      parallel(
        'p',
        {},
        serial('g', twice, step('first'), service('db', { ready: [tcp(1)] }), step('a')),
        step('other', { needs: ['db'] }),
      ),
    );
    await fake.exit('first', 1);
    await fake.clock.pass(500);
    assert.deepEqual(running(), ['first']);
    await fake.exit('first', 0);
    fake.open('db');
    await fake.clock.pass(20);
    assert.deepEqual(running(), ['db', 'a', 'other']);
    await fake.exit('other', 0);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('let go of who waits for its services once no other attempt follows', async () => {
    await start(
      parallel(
        'p',
        {},
        serial(
          'outer',
          { timeoutMs: 400, continueOnFail: true },
          serial('g', twice, step('first'), service('db', { ready: [tcp(1)] })),
        ),
        step('other', { needs: ['db'], continueOnFail: true }),
      ),
    );
    await fake.exit('first', 1);
    await fake.clock.pass(399);
    assert.deepEqual(fake.recorder.all('step.ended').length, 1);
    await fake.clock.pass(1_000);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.ok(fake.story.includes('step.ended other ignored'), fake.story.join('\n'));
    assert.ok(fake.story.includes('group.ended g cancelled'));
    assert.ok(fake.story.includes('group.ended outer ignored'));
  });

  it('are those of the innermost group that has any', async () => {
    await start(serial('outer', twice, serial('inner', twice, step('a')), step('b')));
    for (let attempt = 1; attempt <= 4; attempt++) {
      assert.deepEqual(running(), ['a'], `attempt ${attempt}`);
      await fake.exit('a', 1);
      await fake.clock.pass(500);
    }
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.deepEqual(
      fake.recorder.all('group.started').map(({ group: id, attempt }) => `${id} ${attempt}`),
      ['outer 1', 'inner 1', 'inner 2', 'outer 2', 'inner 1', 'inner 2'],
    );
  });

  it('end with a cancel, also in the pause between two', async () => {
    await start(serial('g', twice, step('a'), service('db')), step('b'));
    await fake.exit('a', 1);
    await fake.clock.pass(100);
    fake.run.cancel('INT');
    assert.deepEqual(await fake.run.ended, { outcome: 'cancelled' });
    assert.equal(launches('a'), 1);
    assert.ok(fake.story.includes('group.ended g cancelled'));
  });

  it('cannot mend a service that died: that fails the run as a whole', async () => {
    await start(serial('g', { ...twice, continueOnFail: true }, service('db'), step('a')));
    await fake.exit('db', 1);
    const { outcome, cause } = await fake.run.ended;
    assert.deepEqual([outcome, cause?.kind], ['failed', 'service']);
    assert.equal(launches('a'), 1);
    assert.ok(fake.story.includes('group.ended g cancelled'));
  });

  it('are told by variables, and a number that is none is said in words', async () => {
    const attempts = (variable: string): Partial<Group> => ({
      retry: {
        attempts: {
          text: [{ variable }],
          unit: 'count',
          where: { file: 'p.yaml', line: 1, column: 1 },
        },
        backoffMs: 0,
      },
    });
    fake = await FakeRun.start([serial('g', attempts('N'), step('a'))], ({ variables }) => {
      variables.set('N', '2');
    });
    await fake.exit('a', 1);
    await fake.clock.pass(0);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');

    await start(serial('g', attempts('NONE'), service('db'), step('a')), step('b'));
    assert.deepEqual((await fake.run.ended).cause, {
      kind: 'group',
      group: 'g',
      end: {
        kind: 'refused',
        detail:
          'cannot be attempted: the number of its attempts names the variable NONE, which has no value',
      },
    });
    assert.deepEqual(fake.executor.launched, []);
  });
});

describe('the timeout of a group', () => {
  it('cancels what runs in it, and nothing of it starts afterwards', async () => {
    await start(
      serial('g', { timeoutMs: 1_000 }, service('db', { ready: [tcp(1)] }), step('a'), step('b')),
      step('c'),
    );
    fake.open('db');
    await fake.clock.pass(100);
    slowToStop('a');
    await fake.clock.pass(900);
    assert.deepEqual(fake.executor.task('a').stops, [{ signal: 'TERM', graceMs: 10_000 }]);
    await fake.clock.pass(5_000);
    assert.ok(!fake.story.includes('group.ended g timed-out'));
    await fake.exit('a', 0);
    const end = { kind: 'timed-out', afterMs: 1_000 } as const;
    assert.deepEqual(await fake.run.ended, {
      outcome: 'failed',
      cause: { kind: 'group', group: 'g', end },
    });
    assert.deepEqual([launches('b'), launches('c')], [0, 0]);
    assert.deepEqual(fake.recorder.all('group.ended')[0]?.end, end);
    assert.ok(fake.story.includes('step.ended a cancelled'));
    assert.ok(fake.story.includes('step.ended b skipped'));
  });

  it('is that of each attempt', async () => {
    await start(serial('g', { ...twice, timeoutMs: 1_000 }, step('a')));
    await fake.clock.pass(1_000);
    assert.deepEqual(running(), []);
    await fake.clock.pass(500);
    assert.deepEqual(running(), ['a']);
    await fake.clock.pass(999);
    assert.deepEqual(running(), ['a']);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('does not wait for a service that is not ready, and does not let it start later', async () => {
    await start(
      serial(
        'g',
        { timeoutMs: 1_000, continueOnFail: true },
        service('db', { ready: [tcp(1)] }),
        service('api', { needs: ['db'] }),
        step('a'),
      ),
      step('b'),
    );
    await fake.clock.pass(1_000);
    assert.deepEqual(running(), ['db']);
    fake.open('db');
    await fake.clock.pass(20);
    assert.deepEqual(running(), ['db', 'b']);
    assert.deepEqual(fake.recorder.all('service.ended')[0], {
      ...fake.recorder.all('service.ended')[0],
      service: 'api',
      end: { kind: 'skipped', because: { kind: 'failure' } },
    });
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('means nothing any more once all of it is done', async () => {
    await start(serial('g', { timeoutMs: 1_000 }, service('db'), step('a')), step('b'));
    await fake.exit('a', 0);
    await fake.clock.pass(2_000);
    assert.deepEqual(running(), ['db', 'b']);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });
});

describe('a group that may fail', () => {
  it('is ignored when it does, and the run goes on', async () => {
    await start(serial('g', { continueOnFail: true }, step('a'), step('b')), step('c'));
    await fake.exit('a', 1);
    assert.deepEqual(running(), ['c']);
    await fake.exit('c', 0);
    assert.deepEqual(await fake.run.ended, { outcome: 'succeeded' });
    const [ended] = fake.recorder.all('group.ended');
    assert.deepEqual([ended?.outcome, ended?.end?.kind], ['ignored', 'failed']);
    assert.ok(fake.story.includes('step.ended a failed'));
    assert.ok(fake.story.includes('step.ended b skipped'));
  });

  it('has all of its attempts first', async () => {
    await start(serial('g', { ...twice, continueOnFail: true }, step('a')), step('b'));
    await fake.exit('a', 1);
    await fake.clock.pass(500);
    await fake.exit('a', 1);
    assert.deepEqual(running(), ['b']);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('keeps a failure from what runs beside it', async () => {
    await start(
      parallel('p', {}, serial('g', { continueOnFail: true }, step('a')), step('b')),
      step('c'),
    );
    await fake.exit('a', 1);
    assert.deepEqual(running(), ['b']);
    await fake.exit('b', 0);
    await fake.exit('c', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('leaves its services up that live as long as the stage', async () => {
    await start(
      serial(
        'g',
        { continueOnFail: true },
        service('db'),
        service('tmp', { scope: 'group' }),
        step('a'),
      ),
      step('b'),
    );
    await fake.exit('a', 1);
    await fake.clock.pass(150);
    assert.deepEqual(running(), ['db', 'b']);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('does not excuse a cancel', async () => {
    await start(serial('g', { continueOnFail: true }, step('a')), step('b'));
    fake.run.cancel('INT');
    assert.deepEqual(await fake.run.ended, { outcome: 'cancelled' });
    assert.equal(launches('b'), 0);
  });
});

describe('a failure that nothing excuses', () => {
  it('ends at once what runs anywhere, however deep it stands', async () => {
    await start(
      parallel(
        'p',
        {},
        serial('g', {}, parallel('q', {}, step('a'), step('slow'))),
        serial('h', twice, step('b')),
        service('db'),
      ),
      step('c'),
    );
    slowToStop('slow');
    await fake.exit('a', 1);
    assert.deepEqual(fake.executor.task('b').stops.length, 1);
    assert.deepEqual(fake.executor.task('slow').stops.length, 1);
    await fake.exit('slow', 0);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.deepEqual([launches('b'), launches('c')], [1, 0]);
    assert.ok(fake.story.includes('group.ended h cancelled'));
  });

  it('lets nothing start that was on its way', async () => {
    const opened = Promise.withResolvers<undefined>();
    fake = await FakeRun.start(
      [parallel('p', { continueOnFail: true, timeoutMs: 50 }, service('db'), step('a')), step('z')],
      ({ executor }) => {
        const open = executor.open.bind(executor);
        executor.open = async (spec) => {
          await opened.promise;
          return open(spec);
        };
      },
    );
    await fake.clock.pass(50);
    opened.resolve(undefined);
    await settle();
    assert.deepEqual(running(), ['z']);
    await fake.exit('z', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual([launches('db'), launches('a')], [0, 0]);
  });
});
