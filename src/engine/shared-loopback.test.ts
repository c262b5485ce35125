import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { HandClock, settle } from '../../test/rig/hand-clock.ts';
import { MemoryRecorder } from '../../test/rig/memory-recorder.ts';
import { group, service, stage, step } from '../../test/rig/plans.ts';
import { FakeExecutor } from '../executor/fake/fake-executor.ts';
import { startRun } from './run.ts';
import { sharedLoopback } from './shared-loopback.ts';

import type { Command, Container, Probe, Stage } from '../plan/plan.ts';

const boxed = (container?: Container): { readonly command: Command } => ({
  command: {
    run: { kind: 'image' },
    environment: [],
    image: ['img'],
    ...(container && { container }),
  },
});
const tcp = (port: number): Probe => ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 1 });

describe('what is known beforehand of containers that share one network', () => {
  it('is what services are called, and the ports that they are asked at', () => {
    const aliases = [['group_db'], [{ variable: 'KNOWN' }], [{ variable: 'LATER' }]];
    const main = stage(
      service('db', { name: 'The DB', ready: [tcp(5432)], ...boxed({ aliases }) }),
      group('g', 'parallel', service('web', { ready: [tcp(80), tcp(5432)], ...boxed() })),
      service('here', { ready: [tcp(1)] }),
      step('test', boxed()),
    );
    assert.deepEqual(sharedLoopback(main, new Map([['KNOWN', 'known']])), {
      names: ['db', 'The DB', 'group_db', 'known', 'web'],
      ports: [5432, 80],
    });
  });

  it('is told to the executor of a stage that says so, and of no other', async () => {
    for (const more of [{ sharesLoopback: true } as const, {}]) {
      const { opened } = await runOf({ ...stage(service('db', boxed())), ...more });
      const [spec] = opened;
      assert.deepEqual(
        spec?.sharesLoopback,
        'sharesLoopback' in more ? { names: ['db'], ports: [] } : undefined,
      );
    }
  });
});

async function runOf(only: Stage): Promise<FakeExecutor> {
  const executor = new FakeExecutor();
  const clock = new HandClock();
  const answer = { passed: false, text: 'connection refused' };
  startRun(
    { name: 'test', stages: [only] },
    {
      runId: 'r1',
      owner: { pid: 1 },
      version: '0',
      workspace: '/work',
      recorder: new MemoryRecorder(() => clock.now()),
      clock,
      variables: new Map(),
      dial: {
        tcp: () => Promise.resolve(answer),
        http: () => Promise.resolve(answer),
        prepare: () => Promise.resolve(),
      },
      keep: false,
      executorFor: () => executor,
    },
  );
  await settle();
  return executor;
}
