import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { approval, group, service, stageOf, step } from '../../test/rig/plans.ts';

import type { FailureAction, FailureKind, FailureRule } from '../plan/failure-rules.ts';
import type { Group, Node } from '../plan/plan.ts';

let fake: FakeRun;

const start = async (...nodes: Node[]): Promise<void> => {
  fake = await FakeRun.start(nodes);
};
const launches = (name: string): number =>
  fake.executor.launched.filter(({ spec }) => spec.name === name).length;

const failing = { kind: 'fail' } as const;
const rule = (action: FailureAction, ...on: FailureKind[]): FailureRule => ({
  action,
  ...(on.length > 0 && { on }),
});
const doing = (action: FailureAction): { onFailure: readonly FailureRule[] } => ({
  onFailure: [rule(action)],
});
const retry = (
  times: number,
  delaysMs: number[],
  then: FailureAction = failing,
): FailureAction => ({
  kind: 'retry',
  times,
  delaysMs,
  then,
});
const anew = (times: number, delaysMs: number[], then: FailureAction = failing): FailureAction => ({
  kind: 'retry-group',
  times,
  delaysMs,
  then,
});
const ask = (then: FailureAction = failing): FailureAction => ({
  kind: 'ask',
  timeoutMs: 60_000,
  then,
});

afterEach(() => {
  if (fake.recorder.all('run.ended').length > 0) assertInvariants(fake.recorder.events);
});

describe('what is done about the failure of a step', () => {
  it('is what the first rule says that is for it', async () => {
    const onFailure = [
      rule({ kind: 'abort' }, 'timed-out', 'image'),
      rule({ kind: 'ignore' }, 'exited'),
      rule(failing),
    ];
    await start(step('a', { onFailure }), step('b'));
    await fake.exit('a', 3);
    assert.deepEqual(fake.executor.running, ['b']);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.ok(fake.story.includes('step.ended a ignored'));
  });

  it('is nothing when no rule is for it: it has failed', async () => {
    await start(step('a', { onFailure: [rule({ kind: 'ignore' }, 'timed-out', 'rejected')] }));
    await fake.exit('a', 3);
    assert.equal((await fake.run.ended).outcome, 'failed');
  });

  it('goes by what failed: its time, its start, an answer', async () => {
    const ignoring = (kind: FailureKind) => ({ onFailure: [rule({ kind: 'ignore' }, kind)] });
    await start(
      step('slow', { timeoutMs: 100, ...ignoring('timed-out') }),
      approval('no', ignoring('rejected')),
      approval('late', { timeoutMs: 100, ...ignoring('unanswered') }),
      approval('nobody', ignoring('unanswered')),
    );
    await fake.clock.pass(100);
    await fake.person.answer('no', 'reject');
    await fake.clock.pass(100);
    await fake.person.leave('nobody', 'there is nobody');
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(
      fake.recorder.all('step.ended').map(({ outcome }) => outcome),
      new Array(4).fill('ignored'),
    );
  });

  it('is once more after each of its delays, the last of them again and again, and then what comes then', async () => {
    await start(step('a', doing(retry(3, [100, 2_000], { kind: 'ignore' }))), step('b'));
    for (const delayMs of [100, 2_000, 2_000]) {
      await fake.exit('a', 1);
      await fake.clock.pass(delayMs - 1);
      assert.deepEqual(fake.executor.running, []);
      await fake.clock.pass(1);
      assert.deepEqual(fake.executor.running, ['a']);
    }
    await fake.exit('a', 1);
    assert.deepEqual(fake.executor.running, ['b']);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.equal(launches('a'), 4);
  });

  it('counts each retry for itself', async () => {
    const onFailure = [
      rule(retry(1, [], { kind: 'ignore' }), 'timed-out'),
      rule(retry(1, []), 'exited'),
    ];
    await start(step('a', { timeoutMs: 100, onFailure }));
    await fake.clock.pass(100);
    await fake.clock.pass(0);
    await fake.exit('a', 1);
    await fake.clock.pass(0);
    assert.equal(launches('a'), 3);
    await fake.clock.pass(100);
    assert.ok(fake.story.includes('step.ended a ignored'));
  });

  it('can be that it counts as succeeded, which is told', async () => {
    await start(step('a', doing({ kind: 'succeed' })), step('b'));
    await fake.exit('a', 1);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    const [ended] = fake.recorder.all('step.ended');
    assert.deepEqual(
      [ended?.outcome, ended?.end],
      ['succeeded', { kind: 'exited', exit: { kind: 'code', code: 1 } }],
    );
  });

  it('can be that the whole run has failed, whatever is said of failures around it', async () => {
    const inner = group('in', 'parallel', step('a', doing({ kind: 'abort' })), step('b'));
    await start(
      { ...group('out', 'serial', { ...inner, ...doing(retry(2, [])) }), continueOnFail: true },
      step('c'),
    );
    await fake.exit('a', 1);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.ok(fake.story.includes('step.ended b cancelled'));
    assert.ok(fake.story.includes('group.ended in failed'));
    assert.ok(fake.story.includes('group.ended out failed'));
    assert.ok(fake.story.includes('step.ended c skipped'));
  });

  it('can be that the group around it begins anew, services and all', async () => {
    await start({
      ...group(
        'g',
        'serial',
        service('db'),
        step('a'),
        step('b', doing(anew(1, [500], { kind: 'ignore' }))),
      ),
    });
    await fake.exit('a', 0);
    await fake.exit('b', 1);
    await fake.clock.pass(150);
    assert.deepEqual(fake.executor.running, []);
    await fake.clock.pass(500);
    assert.deepEqual(fake.executor.running, ['db', 'a']);
    await fake.exit('a', 0);
    await fake.exit('b', 1);
    await fake.clock.pass(150);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual([launches('db'), launches('a'), launches('b')], [2, 2, 2]);
    assert.equal(fake.recorder.all('group.retrying')[0]?.delayMs, 500);
    assert.ok(fake.story.includes('step.ended b ignored'));
  });

  it('can be that a group further out begins anew, where those between are not meant', async () => {
    const passing = (node: Group): Group => ({ ...node, anew: 'around' });
    const copies = passing(group('c', 'parallel', step('b', doing(anew(1, []))), step('d')));
    await start(group('g', 'serial', step('a'), passing(group('p', 'parallel', copies))));
    await fake.exit('a', 0);
    await fake.exit('b', 1);
    await fake.clock.pass(0);
    assert.deepEqual(fake.executor.running, ['a']);
    for (const ended of ['step.ended d cancelled', 'group.ended c failed', 'group.ended p failed'])
      assert.ok(fake.story.includes(ended), ended);
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    await fake.exit('d', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual([launches('a'), launches('b'), launches('d')], [2, 2, 2]);
  });

  it('is what comes then where every group around is not meant', async () => {
    const then = doing(anew(5, [], { kind: 'ignore' }));
    await start({ ...group('p', 'parallel', step('a', then)), anew: 'around' });
    await fake.exit('a', 1);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.equal(launches('a'), 1);
  });

  it('is what comes then where no group is around', async () => {
    await start(step('a', doing(anew(5, [], { kind: 'ignore' }))));
    await fake.exit('a', 1);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.equal(launches('a'), 1);
  });

  it('hears of a service first that took it along', async () => {
    await start(service('db'), step('a', doing({ kind: 'succeed' })));
    await fake.exit('a', 1);
    await fake.clock.pass(100);
    await fake.exit('db', 1);
    assert.equal((await fake.run.ended).cause?.kind, 'service');
    assert.ok(fake.story.includes('step.ended a failed'));
  });
});

describe('what is done about the failure of a group', () => {
  it('goes by what failed in it', async () => {
    const onFailure = [rule({ kind: 'succeed' }, 'exited'), rule({ kind: 'ignore' }, 'timed-out')];
    await start(
      { ...group('g', 'serial', group('in', 'serial', step('a'))), onFailure },
      { ...group('h', 'serial', step('b', { timeoutMs: 10 })), onFailure },
      { ...group('i', 'serial', step('c')), timeoutMs: 10, onFailure },
    );
    await fake.exit('a', 1);
    await fake.clock.pass(20);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    const [, g, h, i] = fake.recorder.all('group.ended');
    assert.deepEqual([g?.group, g?.outcome, g?.end?.kind], ['g', 'succeeded', 'failed']);
    assert.deepEqual([h?.group, h?.outcome], ['h', 'ignored']);
    assert.deepEqual([i?.group, i?.outcome, i?.end?.kind], ['i', 'ignored', 'timed-out']);
  });

  it('can be that the group around begins anew', async () => {
    const inner = { ...group('in', 'serial', step('b')), ...doing(anew(1, [])) };
    await start(group('out', 'serial', step('a'), inner));
    await fake.exit('a', 0);
    await fake.exit('b', 1);
    await fake.clock.pass(0);
    assert.deepEqual(fake.executor.running, ['a']);
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('can be up to a person, while its services live on', async () => {
    const g = { ...group('g', 'serial', service('db'), step('a')), ...doing(ask()) };
    await start(g, step('b'));
    await fake.exit('a', 1);
    await fake.clock.pass(150);
    assert.deepEqual(fake.person.waiting, ['g']);
    assert.deepEqual(fake.executor.running, ['db']);
    await fake.person.answer('g', 'retry');
    await fake.clock.pass(0);
    assert.deepEqual(fake.executor.running, ['db', 'a']);
    assert.equal(launches('db'), 2);
    await fake.exit('a', 1);
    await fake.clock.pass(150);
    await fake.person.answer('g', 'ignore');
    assert.deepEqual(fake.executor.running, ['db', 'b']);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.ok(fake.story.includes('group.ended g ignored'));
  });

  it('is what comes then when nobody says so in time', async () => {
    const g = { ...group('g', 'serial', step('a')), ...doing(ask({ kind: 'succeed' })) };
    await start(g);
    await fake.exit('a', 1);
    await fake.clock.pass(60_000);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.ok(fake.story.includes('group.ended g succeeded'));
    assert.match(fake.recorder.all('warning')[0]?.text ?? '', /^nobody said within 1 m 00 s what/);
  });

  it('is asked about once more when that is what comes then, and is over when nobody says so again', async () => {
    const g = { ...group('g', 'serial', step('a')), ...doing(ask(ask({ kind: 'ignore' }))) };
    await start(g);
    await fake.exit('a', 1);
    await fake.clock.pass(60_000);
    assert.deepEqual(fake.person.waiting, ['g']);
    assert.equal(fake.recorder.all('group.asked').length, 2);
    await fake.clock.pass(60_000);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.equal(launches('a'), 1);
    assert.ok(fake.story.includes('group.ended g ignored'));
  });

  it('is asked about until the run is over, and no longer', async () => {
    const g = { ...group('g', 'serial', step('a')), ...doing(ask(ask(ask()))) };
    await start(g);
    await fake.exit('a', 1);
    await fake.clock.pass(60_000);
    fake.run.cancel('INT');
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.equal(fake.recorder.all('group.asked').length, 2);
    assert.equal(launches('a'), 1);
  });
});

describe('a person who is asked about the failure of a step', () => {
  const outcomes = [
    ['ignore', 'ignored', 'succeeded'],
    ['succeed', 'succeeded', 'succeeded'],
    ['fail', 'failed', 'failed'],
    ['abort', 'failed', 'failed'],
  ] as const;
  for (const [choice, outcome, run] of outcomes)
    it(`decides with '${choice}' that it has ${outcome}`, async () => {
      await start(step('a', doing(ask())));
      await fake.exit('a', 7);
      const [asked] = fake.recorder.all('step.asked');
      assert.deepEqual(asked?.choices, ['retry', 'ignore', 'succeed', 'fail', 'abort']);
      assert.deepEqual(asked.end, { kind: 'exited', exit: { kind: 'code', code: 7 } });
      await fake.person.answer('a', choice);
      assert.equal((await fake.run.ended).outcome, run);
      assert.ok(fake.story.includes(`step.ended a ${outcome}`));
    });

  it('can have it run once more, and is asked again when it fails again', async () => {
    await start(step('a', doing(ask())));
    for (const code of [1, 2]) {
      await fake.exit('a', code);
      await fake.person.answer('a', 'retry');
      await fake.clock.pass(0);
    }
    assert.equal(launches('a'), 3);
    await fake.exit('a', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('has so much time, and then it is what comes then', async () => {
    await start(step('a', doing(ask(retry(1, [], { kind: 'ignore' })))));
    await fake.exit('a', 1);
    await fake.clock.pass(59_999);
    assert.deepEqual(fake.person.waiting, ['a']);
    await fake.clock.pass(1);
    assert.deepEqual(fake.executor.running, ['a']);
    await fake.exit('a', 1);
    await fake.clock.pass(60_000);
    assert.ok(fake.story.includes('step.ended a ignored'));
  });

  it('who is not there is not waited for, and it is told that nobody is', async () => {
    fake = await FakeRun.start([step('a', doing(ask({ kind: 'ignore' })))], (run) => {
      run.ask = undefined;
    });
    await fake.exit('a', 1);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.match(fake.recorder.all('warning')[0]?.text ?? '', /^nobody can say/);
  });

  it('is not asked any more once the run is over', async () => {
    await start(step('a', doing(ask({ kind: 'ignore' }))));
    await fake.exit('a', 1);
    fake.run.cancel('INT');
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.deepEqual(fake.person.waiting, []);
    assert.ok(fake.story.includes('step.ended a failed'));
  });
});

describe('what is done about a failure in a stage that fails in order', () => {
  const startInOrder = async (...nodes: Node[]): Promise<void> => {
    const later = stageOf('later', { after: 'either' }, step('z'));
    const stages = [stageOf('main', { failing: 'in-order' }, ...nodes), later];
    fake = await FakeRun.startPlan({ name: 'test', stages });
  };
  const either = { after: 'either' } as const;

  it('can be the end of the run: nothing runs after it, and nothing beside it', async () => {
    await startInOrder(
      group('p', 'parallel', step('a', doing({ kind: 'abort' })), step('b')),
      step('tidy', either),
    );
    await fake.exit('a', 1);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.ok(fake.story.includes('step.ended b cancelled'));
    assert.ok(fake.story.includes('step.ended tidy skipped'));
    assert.equal(launches('z'), 0);
  });

  it('can be that the group around it begins anew at once', async () => {
    await startInOrder(group('p', 'parallel', step('a', doing(anew(1, []))), step('b')));
    await fake.exit('a', 1);
    await fake.clock.pass(0);
    assert.ok(fake.story.includes('step.ended b cancelled'));
    assert.deepEqual([launches('a'), launches('b')], [2, 2]);
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    await fake.exit('z', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('can be up to a person, and until then it has not failed', async () => {
    await startInOrder(
      group('p', 'parallel', step('a', doing(ask())), group('g', 'serial', step('b'), step('c'))),
      step('d'),
    );
    await fake.exit('a', 1);
    await fake.exit('b', 0);
    await fake.exit('c', 0);
    assert.deepEqual([fake.person.waiting, fake.executor.running], [['a'], []]);
    await fake.person.answer('a', 'succeed');
    await fake.exit('d', 0);
    await fake.exit('z', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('is what comes after it decides by, when somebody says no', async () => {
    await startInOrder(
      service('db'),
      approval('ok'),
      step('next'),
      step('mend', { after: 'failure' }),
    );
    await fake.person.answer('ok', 'reject');
    await fake.clock.pass(150);
    assert.deepEqual(fake.executor.running, ['db', 'mend']);
    await fake.exit('mend', 0);
    await fake.exit('z', 0);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.equal(launches('next'), 0);
  });
});
