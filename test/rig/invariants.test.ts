import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { FakeRun } from './fake-run.ts';
import { assertInvariants } from './invariants.ts';
import { service, step } from './plans.ts';

import type { Recorded, RunEvent } from '../../src/event/event.ts';

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
