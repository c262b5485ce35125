import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { FakeRun } from './fake-run.ts';
import { assertInvariants } from './invariants.ts';
import { group, service, step } from './plans.ts';

import type { Recorded, RunEvent } from '../../src/event/event.ts';
import type { Plan } from '../../src/plan/plan.ts';

/** The checker itself: each planted fault must be found, or its silence means nothing. */
describe('the checker of invariants', () => {
  let good: readonly Recorded<RunEvent>[];

  before(async () => {
    const probe = { kind: 'tcp', host: 'localhost', port: 1, timeoutMs: 1_000 } as const;
    const fake = await FakeRun.start(
      [service('db', { ready: [probe] }), service('api', { needs: ['db'] }), step('a')],
      (run) => run.open('db'),
    );
    await fake.clock.pass(20);
    await fake.exit('a', 0);
    await fake.run.ended;
    good = fake.recorder.events;
  });

  const renumbered = (events: readonly Recorded<RunEvent>[]): Recorded<RunEvent>[] =>
    events.map((event, seq) => ({ ...event, seq }));
  const without = (find: (event: RunEvent) => boolean): Recorded<RunEvent>[] =>
    renumbered(good.filter((event) => !find(event)));
  const isOf = (type: RunEvent['type'], about: string) => (event: RunEvent) =>
    event.type === type &&
    (('service' in event && event.service === about) || ('step' in event && event.step === about));

  it('accepts a good run', () => {
    assertInvariants(good);
  });

  it('finds a step that starts before its service is ready', () => {
    assert.throws(() => assertInvariants(without(isOf('service.ready', 'db'))), /while service db/);
  });

  it('finds a service without an end', () => {
    assert.throws(() => assertInvariants(without(isOf('service.ended', 'db'))), /db ends once/);
  });

  it('finds a step with two ends', () => {
    const ended = good.find(isOf('step.ended', 'a'))!;
    const twice = renumbered([...good.slice(0, -1), ended, good.at(-1)!]);
    assert.throws(() => assertInvariants(twice), /a ends once/);
  });

  it('finds services that stop in the wrong order', () => {
    const late = good.filter(isOf('service.ended', 'api'));
    const moved = [...good.filter((event) => !late.includes(event))];
    moved.splice(-1, 0, ...late);
    assert.throws(() => assertInvariants(renumbered(moved)), /api ends before db stops|older/);
  });

  it('finds an outcome that does not follow', () => {
    const lied = good.map((event) =>
      event.type === 'step.ended' ? { ...event, outcome: 'failed' as const } : event,
    );
    assert.throws(() => assertInvariants(lied));
  });

  it('finds a gap in time', () => {
    const back = good.map((event, index) => (index === 3 ? { ...event, at: 9e15 } : event));
    assert.throws(() => assertInvariants(back), /not older/);
  });
});

/** A group that succeeds at its second attempt, and a step behind it. */
describe('the checker of invariants of groups', () => {
  let good: readonly Recorded<RunEvent>[];

  before(async () => {
    const retry = { attempts: 2, backoffMs: 500 };
    const again = { ...group('g', 'serial', service('db'), step('a'), step('b')), retry };
    const fake = await FakeRun.start([again, step('c')]);
    await fake.exit('a', 1);
    await fake.clock.pass(650);
    for (const name of ['a', 'b', 'c']) await fake.exit(name, 0);
    await fake.run.ended;
    good = fake.recorder.events;
  });

  const assertFound = (
    fault: RegExp,
    change: (events: Recorded<RunEvent>[]) => readonly Recorded<RunEvent>[],
  ): void => {
    const changed = change([...good]).map((event, seq) => ({ ...event, seq }));
    assert.throws(() => assertInvariants(changed), fault);
  };
  const at = (type: RunEvent['type'], nth = 0): number =>
    good.map((event, index) => ({ event, index })).filter(({ event }) => event.type === type)[nth]!
      .index;

  it('accepts a good run', () => {
    assertInvariants(good);
  });

  it('finds a step that is not run again', () => {
    const ended = at('step.ended', 3);
    assertFound(/step b ends once/, (events) => events.toSpliced(ended, 1));
  });

  it('finds a group without an end, and one with too many attempts', () => {
    assertFound(/g ends once/, (events) => events.toSpliced(at('group.ended'), 1));
    const [first] = good;
    assert.ok(first?.type === 'run.started');
    const text = JSON.stringify(first.plan).replace('"attempts":2', '"attempts":1');
    const plan = JSON.parse(text) as Plan;
    assertFound(/keeps to its attempts/, (events) => events.with(0, { ...first, plan }));
  });

  it('finds an attempt that comes too soon', () => {
    const again = at('group.started', 1);
    const { at: now } = good[at('group.retrying')]!;
    assertFound(/waits its back-off/, (events) =>
      events.with(again, { ...events[again]!, at: now }),
    );
  });

  it('finds a step that begins between two attempts', () => {
    const retrying = at('group.retrying');
    const start = { ...good[at('step.started')]!, at: good[retrying]!.at };
    assertFound(/does not start after its end|under way/, (events) =>
      events.toSpliced(retrying + 1, 0, start),
    );
  });

  it('finds an attempt that nobody told of', () => {
    const retrying = at('group.retrying');
    assertFound(/waits its back-off/, (events) => events.toSpliced(retrying, 1));
  });
});
