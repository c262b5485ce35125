import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { equal, group, service, step } from '../../test/rig/plans.ts';

import type { Probe } from '../plan/plan.ts';

const tcp = (port: number): Probe => ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 30_000 });

const prepared = ({ executor }: FakeRun): string[] => executor.prepared.map(({ name }) => name);

/** Every launch that was prepared is of an equal spec: else the work was done for nothing. */
function assertTakenOver({ executor }: FakeRun): void {
  for (const spec of executor.prepared) assert.deepEqual(spec, executor.task(spec.name).spec);
}

describe('the launch of a step', () => {
  it('is prepared while the step before it runs, and is of an equal spec then', async () => {
    const fake = await FakeRun.start([step('a'), step('b'), step('c')]);
    assert.ok(prepared(fake).includes('b'));
    assert.ok(!prepared(fake).includes('a'));
    await fake.exit('a', 0);
    assert.ok(prepared(fake).includes('c'));
    await fake.exit('b', 0);
    await fake.exit('c', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assertTakenOver(fake);
  });

  // a ─▶ db ─▶ (api) ─▶ b        with the addresses of the services between them
  it('is prepared past services that start before it, with where they will be', async () => {
    const ready = [tcp(5432)];
    const fake = await FakeRun.start(
      [step('a'), service('db', { ready }), group('g', 'serial', service('api'), step('b'))],
      (run) => run.open('db'),
    );
    assert.ok(prepared(fake).includes('b'));
    await fake.exit('a', 0);
    await fake.clock.pass(20);
    assert.equal(fake.executor.task('b').spec.environment['CONTINUO_DB_PORT'], '5432');
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assertTakenOver(fake);
  });

  it('is prepared while a group before it runs', async () => {
    const fake = await FakeRun.start([group('g', 'parallel', step('a'), step('b')), step('c')]);
    assert.deepEqual(new Set(prepared(fake)), new Set(['c']));
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    await fake.exit('c', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assertTakenOver(fake);
  });

  it('is not prepared for members of a parallel group, nor for what stands behind it', async () => {
    const fake = await FakeRun.start([
      step('a'),
      group('g', 'parallel', step('b'), step('c')),
      step('d'),
    ]);
    assert.deepEqual(prepared(fake), []);
    await fake.exit('a', 0);
    assert.ok(!prepared(fake).includes('b') && !prepared(fake).includes('c'));
  });

  it('is not prepared for what has a condition, nor behind a service that has one', async () => {
    const when = equal('X', '1');
    const fake = await FakeRun.start([
      step('a'),
      step('b', { when }),
      { ...group('g', 'serial', step('c')), when },
      step('d'),
      service('db', { when, ready: [tcp(5432)] }),
      step('e'),
    ]);
    assert.deepEqual(prepared(fake), ['d']);
    await fake.exit('a', 0);
    await fake.exit('d', 0);
    assert.deepEqual(fake.executor.running, ['e']);
    await fake.exit('e', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assertTakenOver(fake);
  });

  it('is not prepared for a step of which something is wrong, which is told at its turn', async () => {
    const image = [{ variable: 'NONE' }];
    const command = { ...step('b').command, image };
    const fake = await FakeRun.start([step('a'), step('b', { command })]);
    assert.deepEqual(prepared(fake), []);
    await fake.exit('a', 0);
    const { cause } = await fake.run.ended;
    assert.deepEqual(cause?.kind === 'step' && cause.end, {
      kind: 'launch',
      failure: {
        kind: 'refused',
        detail: 'its image names the variable NONE, which has no value',
      },
    });
  });

  it('is not prepared any more once the run has failed or was cancelled', async () => {
    for (const end of ['fail', 'cancel'] as const) {
      const members = [step('a'), group('g', 'parallel', step('x')), step('b'), step('c')];
      const fake = await FakeRun.start(members);
      assert.deepEqual(prepared(fake), []);
      if (end === 'fail') await fake.exit('a', 1);
      else fake.run.cancel('INT');
      await fake.run.ended;
      assert.deepEqual(prepared(fake), []);
    }
  });

  it('is not prepared when the run ends while its sandbox is being opened', async () => {
    const opened = Promise.withResolvers<undefined>();
    const fake = await FakeRun.start([step('a'), step('b')], ({ executor }) => {
      const open = executor.open.bind(executor);
      executor.open = async (spec) => {
        await opened.promise;
        return open(spec);
      };
    });
    fake.run.cancel('INT');
    opened.resolve(undefined);
    await fake.run.ended;
    await settle();
    assert.deepEqual(prepared(fake), []);
    assert.deepEqual(fake.executor.launched, []);
  });
});
