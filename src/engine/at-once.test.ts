import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { group, service, step } from '../../test/rig/plans.ts';

import type { Group, Node } from '../plan/plan.ts';

const few = (atOnce: number, ...members: Node[]): Group => ({
  ...group('p', 'parallel', ...members),
  atOnce,
});

describe('a parallel group of which only a few members run at once', () => {
  it('begins the next one as soon as one has ended', async () => {
    const fake = await FakeRun.start([
      few(2, step('a'), step('b'), group('g', 'serial', step('c1'), step('c2')), step('d')),
    ]);
    assert.deepEqual(fake.executor.running, ['a', 'b']);
    await fake.exit('b', 0);
    assert.deepEqual(fake.executor.running, ['a', 'c1']);
    await fake.exit('c1', 0);
    assert.deepEqual(fake.executor.running, ['a', 'c2']);
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, ['c2', 'd']);
    await fake.exit('c2', 0);
    await fake.exit('d', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assertInvariants(fake.recorder.events);
  });

  it('counts a service only until it runs, and not while it waits for another', async () => {
    const fake = await FakeRun.start([
      few(1, service('api', { needs: ['db'] }), service('db'), step('a'), step('b')),
    ]);
    await settle();
    assert.deepEqual(fake.executor.running, ['db', 'api', 'a']);
    await fake.exit('a', 0);
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('begins none of the rest when one fails, and says so', async () => {
    const fake = await FakeRun.start([few(1, step('a'), step('b'), step('c'))]);
    await fake.exit('a', 1);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.deepEqual(fake.executor.launched.length, 1);
    assert.ok(fake.story.includes('step.ended c skipped'));
  });
});
