import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { command, service, step } from '../../test/rig/plans.ts';

import type { Node } from '../plan/plan.ts';

let fake: FakeRun;

afterEach(() => {
  if (fake.recorder.all('run.ended').length > 0) assertInvariants(fake.recorder.events);
});

const load = (...nodes: Node[]): Promise<FakeRun> =>
  FakeRun.start(nodes, (run) => {
    run.breaks = { before: new Set(), onFailure: false, atStart: true };
  });

const told = (name: string) => ({ name, value: [{ variable: name }] });

const types = (): readonly string[] => fake.recorder.events.map(({ type }) => type);

describe('a run that is only loaded', () => {
  it('begins nothing and gets nothing ready until it goes on', async () => {
    fake = await load(service('db'), step('a'), step('b'));
    await fake.clock.pass(600_000);
    assert.deepEqual(types(), ['run.started', 'run.paused']);
    assert.deepEqual(
      fake.recorder.all('run.paused').map(({ why }) => why),
      [{ kind: 'loaded' }],
    );
    await fake.take({ do: 'resume', to: 'next' });
    assert.deepEqual(fake.executor.running, ['db']);
    await fake.take({ do: 'resume', to: { step: 'a' } });
    await fake.exit('a', 0);
    assert.deepEqual(fake.executor.running, ['db']);
    await fake.take({ do: 'resume', to: 'all' });
    await fake.exit('b', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('is ended without having begun, and its service that dies in a later pause stops it', async () => {
    fake = await load(service('db'), step('a'));
    await fake.take({ do: 'kill' });
    assert.equal((await fake.run.ended).outcome, 'cancelled');
    assert.ok(!types().includes('stage.started'));
    fake = await load(service('db'), step('a'));
    await fake.take({ do: 'resume', to: 'next' });
    await fake.exit('db', 1);
    assert.equal(fake.recorder.all('run.paused').at(-1)?.why.kind, 'failure');
    await fake.take({ do: 'resume', to: 'next' });
    assert.equal((await fake.run.ended).cause?.kind, 'service');
  });

  it('has variables that it is given by then, and shows no secret of them', async () => {
    fake = await load(
      step('a', { command: { ...command('true'), environment: [told('COLOR'), told('KEY')] } }),
    );
    await fake.take({ do: 'set', name: 'COLOR', value: 'red' });
    await fake.take({ do: 'set', name: 'KEY', value: 'hunter2', secret: true });
    await fake.take({ do: 'resume', to: 'all' });
    const { environment } = fake.executor.task('a').spec;
    assert.deepEqual([environment['COLOR'], environment['KEY']], ['red', 'hunter2']);
    assert.deepEqual(
      fake.recorder.all('run.variable').map(({ name, value, by }) => [name, value, by]),
      [
        ['COLOR', 'red', 'ann'],
        ['KEY', undefined, 'ann'],
      ],
    );
    assert.ok(!JSON.stringify(fake.recorder.events).includes('hunter2'));
    await fake.exit('a', 0);
  });
});
