import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { approval, equal, group, service, stageOf, step, wait } from '../../test/rig/plans.ts';

import type { FailureAction } from '../plan/failure-rules.ts';
import type { Group, Node, Probe } from '../plan/plan.ts';

const tcp = (port: number): Probe => ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 30_000 });

let fake: FakeRun;

afterEach(() => {
  if (fake.recorder.all('run.ended').length > 0) assertInvariants(fake.recorder.events);
});

const resume = (to: 'all' | 'next' | { step: string } = 'all') => fake.take({ do: 'resume', to });

/** A run that is to pause before some of its nodes. */
const withBreaks = (nodes: readonly Node[], ...before: string[]): Promise<FakeRun> =>
  FakeRun.start(nodes, (run) => {
    run.breaks = { before: new Set(before), onFailure: false };
  });

const pausing = (nodes: readonly Node[]): Promise<FakeRun> =>
  FakeRun.start(nodes, (run) => {
    run.breaks = { before: new Set(), onFailure: true };
  });

/** Why it was paused, each time. */
const pauses = (): unknown[] =>
  fake.recorder.all('run.paused').map(({ why }) => {
    if (why.kind === 'break') return why.before;
    if (why.kind === 'loaded') return why.kind;
    return why.kind === 'asked' ? `by ${why.by}` : why.cause.kind;
  });

const running = (): readonly string[] => fake.executor.running;

describe('a run that is asked to pause', () => {
  it('lets what runs go on, begins nothing, and keeps its services up until it goes on', async () => {
    fake = await FakeRun.start([service('db'), step('a'), step('b')]);
    await fake.take({ do: 'pause' });
    assert.deepEqual(pauses(), ['by ann']);
    await fake.exit('a', 0);
    await fake.clock.pass(600_000);
    assert.deepEqual(running(), ['db']);
    await resume();
    assert.deepEqual(running(), ['db', 'b']);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(
      fake.recorder.all('run.resumed').map(({ by, to }) => [by, to]),
      [['ann', 'all']],
    );
  });

  it('keeps its services up when nothing is left to begin', async () => {
    fake = await FakeRun.start([
      group('g', 'serial', service('mq', { scope: 'group' }), step('a')),
      service('db'),
      step('b'),
    ]);
    await fake.take({ do: 'pause' });
    await fake.exit('a', 0);
    assert.deepEqual(running(), ['mq']);
    await resume();
    assert.deepEqual(running(), ['db', 'b']);
    await fake.take({ do: 'pause' });
    await fake.exit('b', 0);
    await fake.clock.pass(60_000);
    assert.deepEqual(running(), ['db']);
    await resume();
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('lets branches that have begun go on, and no member that has not', async () => {
    fake = await FakeRun.start([
      group('p', 'parallel', step('a'), group('s', 'serial', step('b'), step('c'))),
    ]);
    await fake.take({ do: 'pause' });
    await fake.exit('b', 0);
    assert.deepEqual(running(), ['a']);
    await resume();
    assert.deepEqual(running(), ['a', 'c']);
    await fake.exit('a', 0);
    await fake.exit('c', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('starts no step that waited for its services when they become ready', async () => {
    fake = await FakeRun.start([service('db', { ready: [tcp(1)] }), step('a')]);
    await fake.take({ do: 'pause' });
    fake.open('db');
    await fake.clock.pass(1_000);
    assert.equal(fake.recorder.all('service.ready').length, 1);
    assert.deepEqual(running(), ['db']);
    await resume();
    assert.deepEqual(running(), ['db', 'a']);
    await fake.exit('a', 0);
  });

  it('attempts what has begun once more, and lets its timeout go by', async () => {
    fake = await FakeRun.start([
      step('a', { retry: { attempts: 2, backoffMs: 100 }, timeoutMs: 1_000 }),
    ]);
    await fake.take({ do: 'pause' });
    await fake.exit('a', 1);
    await fake.clock.pass(100);
    assert.deepEqual(running(), ['a']);
    await fake.clock.pass(1_000);
    assert.deepEqual(running(), []);
    assert.deepEqual(pauses(), ['by ann', 'step']);
    await resume();
    assert.equal((await fake.run.ended).cause?.kind, 'step');
  });

  it('lets no time of groups, stages and the run go by', async () => {
    const inside = { ...group('g', 'serial', step('a'), step('b')), timeoutMs: 1_000 };
    fake = await FakeRun.startPlan({
      name: 'p',
      timeoutMs: 1_000,
      stages: [stageOf('s', { timeoutMs: 1_000 }, inside)],
    });
    await fake.clock.pass(900);
    await fake.take({ do: 'pause' });
    await fake.exit('a', 0);
    await fake.clock.pass(60_000);
    await resume();
    await fake.clock.pass(99);
    assert.deepEqual(running(), ['b']);
    await fake.clock.pass(1);
    await fake.run.ended;
    assert.deepEqual(running(), []);
    assert.ok(fake.story.includes('group.ended g timed-out'));
  });

  it('begins no other stage', async () => {
    fake = await FakeRun.startPlan({
      name: 'p',
      stages: [stageOf('one', {}, step('a')), stageOf('two', {}, step('b'))],
    });
    await fake.take({ do: 'pause' });
    await fake.exit('a', 0);
    assert.ok(!fake.story.includes('stage.started two'));
    await resume();
    assert.deepEqual(running(), ['b']);
    await fake.exit('b', 0);
  });

  it('asks whether a node is still wanted when it goes on', async () => {
    fake = await FakeRun.start([step('a'), step('b', { when: equal('X', '1') })], (run) => {
      run.variables.set('X', '1');
    });
    await fake.take({ do: 'pause' });
    await fake.exit('a', 0);
    fake.variables.set('X', '2');
    await resume();
    assert.ok(fake.story.includes('step.ended b skipped'));
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('is cancelled like any other, and says nothing of going on', async () => {
    fake = await FakeRun.start([service('db'), step('a'), step('b')]);
    await fake.take({ do: 'pause' });
    await fake.exit('a', 0);
    fake.run.cancel('INT');
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.deepEqual(running(), []);
    assert.ok(fake.story.includes('step.ended b skipped'));
    assert.equal(fake.recorder.all('run.resumed').length, 0);
  });

  it('refuses when what is left of it is its end, by a kill or a failure', async () => {
    for (const end of [() => fake.take({ do: 'kill' }), () => fake.exit('a', 1)]) {
      fake = await FakeRun.start([service('db'), step('a'), step('b')]);
      fake.executor.task('db').obeysStop = false;
      await end();
      await fake.clock.pass(1_000);
      assert.deepEqual(running(), ['db']);
      const taken = fake.run.take({ do: 'pause', by: 'ann' });
      assert.ok(!taken.ok);
      assert.equal(taken.failure.kind, 'run-ending');
      fake.run.cancel('INT');
      fake.run.cancel('INT');
      await fake.run.ended;
      assert.deepEqual(pauses(), []);
    }
  });

  it('is killed by a command, and at once by another', async () => {
    fake = await FakeRun.start([service('db'), step('a')]);
    fake.executor.task('db').obeysStop = false;
    await fake.take({ do: 'pause' });
    await fake.take({ do: 'kill' });
    assert.deepEqual(running(), ['db']);
    await fake.take({ do: 'kill' });
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.deepEqual(
      fake.recorder.all('run.cancelling').map(({ by, forced }) => [by, forced]),
      [
        ['ann', false],
        ['ann', true],
      ],
    );
    const refused = fake.run.take({ do: 'kill', by: 'ann' });
    assert.ok(!refused.ok);
    assert.equal(refused.failure.kind, 'run-over');
  });
});

describe('a service that dies in a pause', () => {
  it('is told of at once, and ends the run with its cause when that goes on', async () => {
    fake = await FakeRun.start([service('db'), service('web'), step('a'), step('b')]);
    await fake.take({ do: 'pause' });
    await fake.exit('a', 0);
    await fake.exit('db', 3);
    assert.ok(fake.story.includes('service.ended db died'));
    assert.deepEqual(pauses(), ['by ann', 'service']);
    await fake.clock.pass(60_000);
    assert.deepEqual(running(), ['web']);
    await resume();
    const { outcome, cause } = await fake.run.ended;
    assert.equal(outcome, 'failed');
    assert.ok(cause?.kind === 'service' && cause.service === 'db');
    assert.ok(fake.story.includes('step.ended b skipped'));
  });

  it('is the cause before what fails because of it', async () => {
    fake = await FakeRun.start([service('db'), step('a'), step('b')]);
    await fake.take({ do: 'pause' });
    await fake.exit('db', 3);
    await fake.exit('a', 1);
    await fake.clock.pass(1_000);
    assert.deepEqual(pauses(), ['by ann', 'service']);
    await resume();
    assert.equal((await fake.run.ended).cause?.kind, 'service');
  });

  it('holds nobody up where the pipeline ignores that, or starts it again', async () => {
    fake = await FakeRun.start([
      service('db', { onExit: { kind: 'ignore' } }),
      service('mq', { onExit: { kind: 'restart', times: 1, backoffMs: 100 } }),
      step('a'),
      step('b'),
    ]);
    await fake.take({ do: 'pause' });
    await fake.exit('a', 0);
    await fake.exit('db', 3);
    await fake.exit('mq', 3);
    await fake.clock.pass(100);
    assert.deepEqual(running(), ['mq']);
    assert.deepEqual(pauses(), ['by ann']);
    await resume();
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });
});

describe('a run that is to stop somewhere', () => {
  it('stops before a step with its services ready', async () => {
    fake = await withBreaks([step('a'), service('db', { ready: [tcp(1)] }), step('b')], 'b');
    await fake.exit('a', 0);
    assert.deepEqual(pauses(), []);
    fake.open('db');
    await fake.clock.pass(1_000);
    assert.deepEqual(pauses(), ['b']);
    assert.deepEqual(running(), ['db']);
    await resume();
    assert.deepEqual(running(), ['db', 'b']);
    await fake.exit('b', 0);
    assert.deepEqual(pauses(), ['b']);
  });

  it('stops before services and groups as well, and before each attempt', async () => {
    const twice = { retry: { attempts: 2, backoffMs: 0 } };
    fake = await withBreaks(
      [service('db'), { ...group('g', 'serial', step('a')), ...twice }],
      'db',
      'g',
      'a',
    );
    assert.deepEqual(pauses(), ['db']);
    await resume();
    assert.deepEqual(pauses(), ['db', 'g']);
    await resume();
    await resume();
    await fake.exit('a', 1);
    await fake.clock.pass(1_000);
    assert.deepEqual(pauses(), ['db', 'g', 'a', 'a']);
    await resume();
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('does not stop before what is skipped', async () => {
    fake = await withBreaks([step('a', { when: equal('X', '1') }), step('b')], 'a');
    assert.deepEqual(pauses(), []);
    await fake.exit('b', 0);
  });
});

describe('a paused run that goes on by one', () => {
  it('runs one step or service, and is paused before the one that comes then', async () => {
    fake = await withBreaks([step('a'), service('db'), step('b'), step('c')], 'a');
    await resume('next');
    assert.deepEqual(running(), ['a']);
    assert.deepEqual(pauses(), ['a']);
    await fake.exit('a', 0);
    assert.deepEqual(pauses(), ['a', 'db']);
    await resume('next');
    assert.deepEqual(running(), ['db']);
    assert.deepEqual(pauses(), ['a', 'db', 'b']);
    await resume('next');
    await fake.exit('b', 0);
    await resume('next');
    await fake.exit('c', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(pauses(), ['a', 'db', 'b', 'c']);
  });

  it('takes a parallel group for one, and goes through a serial one', async () => {
    fake = await withBreaks(
      [
        group('s', 'serial', step('a'), step('b')),
        group('p', 'parallel', step('c'), group('t', 'serial', step('d'), step('e'))),
        step('f'),
      ],
      's',
    );
    await resume('next');
    assert.deepEqual(running(), ['a']);
    await fake.exit('a', 0);
    await resume('next');
    await fake.exit('b', 0);
    await resume('next');
    assert.deepEqual(running(), ['c', 'd']);
    await fake.exit('c', 0);
    await fake.exit('d', 0);
    assert.deepEqual(running(), ['e']);
    await fake.exit('e', 0);
    assert.deepEqual(pauses(), ['s', 'b', 'p', 'f']);
    await resume();
    await fake.exit('f', 0);
  });

  it('lets one of several branches that wait begin', async () => {
    fake = await FakeRun.start([
      group(
        'p',
        'parallel',
        group('s', 'serial', step('a'), step('b')),
        group('t', 'serial', step('c'), step('d')),
      ),
    ]);
    await fake.take({ do: 'pause' });
    await fake.exit('a', 0);
    await fake.exit('c', 0);
    await resume('next');
    assert.deepEqual(running(), ['b']);
    await fake.exit('b', 0);
    assert.deepEqual(pauses(), ['by ann', 'd']);
    await resume('next');
    await fake.exit('d', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });
});

describe('a paused run that goes on to a step', () => {
  it('is paused once that is over, and not before', async () => {
    fake = await withBreaks([step('a'), step('b'), step('c')], 'a');
    await resume({ step: 'b' });
    await fake.exit('a', 0);
    assert.deepEqual(running(), ['b']);
    await fake.exit('b', 0);
    assert.deepEqual(pauses(), ['a', 'c']);
    await resume({ step: 'c' });
    await fake.exit('c', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('runs all of the parallel group furthest out that it stands in, and warns of that', async () => {
    const inner = group('inner', 'parallel', step('c'), group('t', 'serial', step('d'), step('e')));
    fake = await withBreaks(
      [step('a'), group('outer', 'parallel', step('b'), group('s', 'serial', inner)), step('f')],
      'a',
    );
    await resume({ step: 'd' });
    await fake.exit('a', 0);
    await fake.exit('d', 0);
    assert.deepEqual(running(), ['b', 'c', 'e']);
    for (const name of running()) await fake.exit(name, 0);
    assert.deepEqual(pauses(), ['a', 'f']);
    const far = fake.recorder.all('run.resumed').map(({ to }) => to);
    assert.deepEqual(far, [{ step: 'outer' }]);
    assert.deepEqual(
      fake.recorder.all('warning').map(({ text }) => text),
      ["'d' stands in the parallel group 'outer': all of that runs"],
    );
    await resume({ step: 'f' });
    await fake.exit('f', 0);
    assert.equal(fake.recorder.all('warning').length, 1);
  });

  it('holds up the copies behind it where one runs at a time', async () => {
    const copies = { ...group('copies', 'parallel', step('b'), step('c')), atOnce: 1 };
    fake = await withBreaks([step('a'), copies], 'a');
    await resume({ step: 'b' });
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    assert.deepEqual(pauses(), ['a', 'c']);
    assert.deepEqual(running(), []);
    await resume();
    await fake.exit('c', 0);
  });

  it('is paused even where it was skipped', async () => {
    const skipped = { ...group('g', 'serial', step('b')), when: equal('X', '1') };
    fake = await withBreaks([step('a'), skipped, step('c')], 'a');
    await resume({ step: 'b' });
    await fake.exit('a', 0);
    assert.deepEqual(pauses(), ['a', 'c']);
    await resume();
    await fake.exit('c', 0);
  });

  it('refuses what is over, what it does not know, and to go on when it goes on', async () => {
    fake = await withBreaks([step('a'), step('b')], 'b');
    const refusal = (to: 'all' | { step: string }): string | undefined => {
      const taken = fake.run.take({ do: 'resume', by: 'ann', to });
      return taken.ok ? undefined : taken.failure.kind;
    };
    assert.equal(refusal('all'), 'not-paused');
    await fake.exit('a', 0);
    assert.equal(refusal({ step: 'a' }), 'step-over');
    assert.equal(refusal({ step: 'x' }), 'unknown-step');
    assert.equal(refusal({ step: 'b' }), undefined);
    await fake.clock.pass(0);
    await fake.exit('b', 0);
  });
});

describe('a run that pauses at its first failure', () => {
  it('has ended nothing yet, and ends with that failure once it goes on', async () => {
    fake = await pausing([
      service('db'),
      group('p', 'parallel', step('a'), step('long')),
      step('b'),
    ]);
    await fake.exit('a', 1);
    await fake.clock.pass(1_000);
    assert.deepEqual(pauses(), ['step']);
    assert.ok(fake.story.includes('step.ended a failed'));
    assert.deepEqual(running(), ['db', 'long']);
    await fake.exit('long', 0);
    assert.deepEqual(running(), ['db']);
    await resume();
    const { outcome, cause } = await fake.run.ended;
    assert.equal(outcome, 'failed');
    assert.ok(cause?.kind === 'step' && cause.step === 'a');
  });

  it('pauses at the death of a service', async () => {
    fake = await pausing([service('db'), service('web'), step('a')]);
    await fake.exit('db', 1);
    assert.deepEqual(pauses(), ['service']);
    assert.deepEqual(running(), ['web', 'a']);
    await resume();
    assert.equal((await fake.run.ended).cause?.kind, 'service');
  });

  it('does not pause at what the step or a group around it has a remedy for', async () => {
    const retry = { attempts: 2, backoffMs: 0 };
    fake = await pausing([
      step('a', { retry }),
      step('b', { continueOnFail: true }),
      { ...group('g', 'serial', step('c')), retry },
    ]);
    await fake.exit('a', 1);
    await fake.clock.pass(1);
    await fake.exit('a', 0);
    await fake.exit('b', 1);
    await fake.clock.pass(1);
    await fake.exit('c', 1);
    await fake.clock.pass(1);
    assert.deepEqual(pauses(), []);
    await fake.exit('c', 1);
    await fake.clock.pass(1);
    assert.deepEqual(pauses(), ['step']);
    await resume();
    assert.equal((await fake.run.ended).outcome, 'failed');
  });

  it('pauses where a group further out is asked to begin anew, and there is none', async () => {
    const anew: FailureAction = {
      kind: 'retry-group',
      times: 1,
      delaysMs: [],
      then: { kind: 'abort' },
    };
    const inner: Group = { ...group('c', 'serial', step('a')), onFailure: [{ action: anew }] };
    fake = await pausing([service('db'), { ...group('p', 'parallel', inner), anew: 'around' }]);
    await fake.exit('a', 1);
    await fake.clock.pass(1_000);
    assert.deepEqual(pauses(), ['step']);
    assert.deepEqual(running(), ['db']);
    await resume();
    assert.equal((await fake.run.ended).outcome, 'failed');
  });

  it('ends each stage with what failed in it, though another one ends the run', async () => {
    const one = stageOf('one', {}, step('a', { onFailure: [{ action: { kind: 'abort' } }] }));
    const two = stageOf('two', { beside: true }, service('db'), step('b'));
    fake = await FakeRun.startPlan({ name: 'p', stages: [one, two] }, (run) => {
      run.breaks = { before: new Set(), onFailure: true };
    });
    await fake.exit('a', 1);
    await fake.clock.pass(150);
    await fake.exit('db', 1);
    await fake.exit('b', 0);
    assert.deepEqual(fake.recorder.all('stage.ended'), []);
    await resume();
    assert.equal((await fake.run.ended).cause?.kind, 'step');
    const of = (id: string) => fake.recorder.all('stage.ended').find(({ stage }) => stage === id);
    assert.equal(of('one')?.cause?.kind, 'step');
    assert.equal(of('two')?.outcome, 'failed');
    assert.equal(of('two')?.cause?.kind, 'service');
  });

  it('holds back what ends the run as well where something else ended the group just before', async () => {
    const aborting = approval('b', { onFailure: [{ action: { kind: 'abort' } }] });
    const g = group('g', 'parallel', approval('a'), aborting, step('c'));
    fake = await FakeRun.start([{ ...g, continueOnFail: true }, step('d')]);
    await fake.take({ do: 'pause' });
    await Promise.all([fake.person.answer('a', 'reject'), fake.person.answer('b', 'reject')]);
    await fake.clock.pass(1_000);
    assert.ok(fake.story.includes('step.ended b failed'));
    assert.deepEqual(fake.recorder.all('run.ended'), []);
    await resume();
    const { outcome, cause } = await fake.run.ended;
    assert.equal(outcome, 'failed');
    assert.ok(cause?.kind === 'step' && cause.step === 'b');
  });

  it('does not end for the failure of a group that something else had ended just before', async () => {
    const inner = group('g', 'serial', approval('b'));
    const aborting: Group = { ...inner, onFailure: [{ action: { kind: 'abort' } }] };
    const outer = group('p', 'parallel', approval('a'), aborting);
    fake = await FakeRun.start([{ ...outer, continueOnFail: true }, step('d')]);
    await Promise.all([fake.person.answer('a', 'reject'), fake.person.answer('b', 'reject')]);
    await fake.clock.pass(1_000);
    assert.ok(fake.story.includes('step.ended b failed'));
    await fake.exit('d', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('pauses once, though more fails afterwards', async () => {
    fake = await FakeRun.startPlan(
      {
        name: 'p',
        stages: [stageOf('s', { failing: 'in-order' }, step('a'), step('b', { after: 'failure' }))],
      },
      (run) => {
        run.breaks = { before: new Set(), onFailure: true };
      },
    );
    await fake.exit('a', 1);
    await resume();
    await fake.exit('b', 1);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.deepEqual(pauses(), ['step']);
  });

  it('is cancelled by whoever has seen enough', async () => {
    fake = await pausing([service('db'), step('a'), wait('w', 1_000)]);
    await fake.exit('a', 1);
    await fake.clock.pass(1_000);
    fake.run.cancel('INT');
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.deepEqual(running(), []);
  });
});

describe('an approval that is answered by a command', () => {
  const asking = [approval('ok', { inputs: [{ name: 'target', as: 'TARGET', required: true }] })];

  it('is given with its inputs, by whoever gave it', async () => {
    fake = await FakeRun.start(asking);
    await fake.take({ do: 'approve', step: 'ok', inputs: { target: 'live' }, comment: 'fine' });
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    const [said] = fake.recorder.all('step.answered');
    assert.deepEqual([said?.answer, said?.by, said?.comment], ['approve', 'ann', 'fine']);
    assert.equal(fake.variables.get('TARGET'), 'live');
  });

  it('waits on when the answer cannot be taken', async () => {
    fake = await FakeRun.start(asking);
    const taken = fake.run.take({ do: 'approve', by: 'ann', step: 'ok' });
    assert.ok(!taken.ok);
    assert.deepEqual(taken.failure, {
      kind: 'bad-answer',
      detail: "its input 'target' is required",
    });
    await fake.take({ do: 'reject', step: 'ok' });
    assert.equal((await fake.run.ended).outcome, 'failed');
  });

  it('is refused where nobody asks', async () => {
    fake = await FakeRun.start([step('a'), ...asking]);
    const refused = (step: string) => {
      const taken = fake.run.take({ do: 'reject', by: 'ann', step });
      return taken.ok ? undefined : taken.failure.kind;
    };
    assert.equal(refused('ok'), 'not-asked');
    assert.equal(refused('nobody'), 'unknown-step');
    fake.run.cancel('INT');
    await fake.run.ended;
  });
});
