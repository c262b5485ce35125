import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { FakeExecutor } from '../executor/fake/fake-executor.ts';
import { service, step } from '../../test/rig/plans.ts';

import type { Command, Node } from '../plan/plan.ts';

const command: Command = { run: { kind: 'image' }, environment: [], image: ['img:1'] };
const waysIn = ['docker exec -it db sh'];

interface Places {
  readonly fake: FakeRun;
  readonly containers: FakeExecutor;
}

/** A run that is to be kept, with containers that can be and processes that cannot. */
async function keep(...nodes: Node[]): Promise<Places> {
  const containers = new FakeExecutor();
  containers.waysIn = waysIn;
  const fake = await FakeRun.start(nodes, (run) => {
    run.keep = true;
    run.executorFor = ({ image }) => (image ? containers : run.executor);
  });
  return { fake, containers };
}

describe('a run that is to be kept', () => {
  it('leaves up what can be left when it fails, and says how to get in', async () => {
    const { fake, containers } = await keep(service('db', { command }), step('a'));
    await fake.exit('a', 1);
    await fake.clock.pass(200);
    assert.equal((await fake.run.ended).outcome, 'failed');
    assert.deepEqual(containers.running, ['db']);
    assert.deepEqual(containers.task('db').stops, []);
    assert.deepEqual(fake.story.slice(-4), [
      'service.left db',
      'stage.ended',
      'run.kept',
      'run.ended failed',
    ]);
    assert.deepEqual(fake.recorder.all('run.kept')[0]?.commands, waysIn);
    assert.deepEqual(fake.recorder.all('service.ended'), []);
  });

  it('says nothing of what becomes of a service that was left', async () => {
    const { fake, containers } = await keep(service('db', { command }), step('a'));
    await fake.exit('a', 1);
    await fake.clock.pass(200);
    await fake.run.ended;
    const { length } = fake.story;
    containers.task('db').exit(1);
    await fake.clock.pass(60_000);
    assert.equal(fake.story.length, length);
  });

  it('ends what cannot be left', async () => {
    const { fake, containers } = await keep(service('db', { command }), service('near'), step('a'));
    await fake.exit('a', 1);
    await fake.clock.pass(200);
    await fake.run.ended;
    assert.deepEqual(fake.executor.running, []);
    assert.deepEqual(containers.running, ['db']);
    assert.deepEqual(
      fake.recorder.all('service.ended').map(({ service, end }) => [service, end.kind]),
      [['near', 'stopped']],
    );
  });

  it('does not call a service left that has ended, or had not started', async () => {
    const { fake, containers } = await keep(
      service('gone', { command, onExit: { kind: 'ignore' } }),
      service('db', { command, ready: [{ kind: 'log', pattern: 'up', timeoutMs: 1_000 }] }),
      service('late', { command, needs: ['db'] }),
      step('a'),
    );
    containers.task('gone').exit(1);
    await fake.clock.pass(1_000);
    assert.equal((await fake.run.ended).cause?.kind, 'service');
    assert.deepEqual(fake.recorder.all('service.left'), []);
    const ends = fake.recorder.all('service.ended').map(({ service, end }) => [service, end.kind]);
    assert.deepEqual(Object.fromEntries(ends), { gone: 'died', db: 'not-ready', late: 'skipped' });
  });

  it('removes everything when it succeeds or was cancelled', async () => {
    for (const end of ['succeed', 'cancel'] as const) {
      const { fake, containers } = await keep(service('db', { command }), step('a'));
      if (end === 'succeed') await fake.exit('a', 0);
      else fake.run.cancel('INT');
      await fake.run.ended;
      assert.deepEqual(containers.running, []);
      assert.deepEqual(fake.recorder.all('run.kept'), []);
      assert.deepEqual(fake.recorder.all('service.left'), []);
    }
  });

  it('says nothing of keeping when nothing can be kept', async () => {
    const { fake } = await keep(service('near'), step('a'));
    await fake.exit('a', 1);
    await fake.clock.pass(200);
    await fake.run.ended;
    assert.deepEqual(fake.recorder.all('run.kept'), []);
    assert.deepEqual(fake.executor.running, []);
  });
});

describe('a run that is not to be kept', () => {
  it('keeps nothing when it fails', async () => {
    const fake = await FakeRun.start([service('db'), step('a')], ({ executor }) => {
      executor.waysIn = waysIn;
    });
    await fake.exit('a', 1);
    await fake.clock.pass(200);
    await fake.run.ended;
    assert.deepEqual(fake.executor.running, []);
    assert.deepEqual(fake.recorder.all('run.kept'), []);
  });
});
