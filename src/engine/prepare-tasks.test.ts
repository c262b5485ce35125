import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { FakeExecutor } from '../executor/fake/fake-executor.ts';
import { equal, group, service, step } from '../../test/rig/plans.ts';

import type { Command } from '../plan/plan.ts';

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
