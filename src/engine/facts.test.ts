import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { command, service, step } from '../../test/rig/plans.ts';
import { placeMark } from '../executor/executor.ts';

import type { Around, Command, Node, Text, Variable } from '../plan/plan.ts';

const around: Around = {
  prefix: 'here',
  folders: [{ name: 'tmp', target: '/x/tmp', onPath: true }],
  environment: [
    { name: 'ME', is: { kind: 'task' } },
    { name: 'RUN', is: { kind: 'run' } },
    { name: 'PORT', is: { kind: 'text', text: '1' } },
    { name: 'TMP', is: { kind: 'folder', name: 'tmp' } },
    { name: 'NET', is: { kind: 'network' } },
  ],
};
const place = { TMP: { kind: 'folder', name: 'tmp' }, NET: { kind: 'network' } };

const start = (...nodes: Node[]): Promise<FakeRun> =>
  FakeRun.start(nodes, (fake) => (fake.around = around));

const having = (...environment: Variable[]): { readonly command: Command } => ({
  command: { ...command('true'), environment },
});

describe('what a stage has around its tasks', () => {
  it('is made with its sandbox, and every step and service is told of it', async () => {
    const fake = await start(service('db'), step('test'));
    const [{ prefix, folders } = {}] = fake.executor.opened;
    assert.deepEqual([prefix, folders], ['here', around.folders]);
    for (const name of ['db', 'test']) {
      const { environment, facts } = fake.executor.task(name).spec;
      assert.deepEqual([environment, facts], [{ ME: name, RUN: 'r1', PORT: '1' }, place]);
    }
  });

  it('is told ahead of a turn as it is told then', async () => {
    const fake = await start(step('a'), step('b'));
    await fake.exit('a', 0);
    const ahead = fake.executor.prepared[0]!;
    assert.deepEqual(ahead, fake.executor.task('b').spec);
    assert.deepEqual(ahead.facts, place);
  });

  it('gives way to what a task says itself, but not to the bare name of it', async () => {
    const own = having(
      { name: 'ME', value: ['mine'] },
      { name: 'TMP', value: ['/mine'] },
      { name: 'RUN', value: [{ variable: 'RUN' }] },
      { name: 'NET', value: [{ variable: 'NET' }] },
    );
    const fake = await start(step('a', own));
    const { environment, facts } = fake.executor.task('a').spec;
    // What the executor knows gives way in its hands.
    assert.deepEqual(environment, { ME: 'mine', RUN: 'r1', PORT: '1', TMP: '/mine' });
    assert.deepEqual(facts, place);
    assert.deepEqual(fake.recorder.all('warning'), []);
  });

  it('may be named in words and variables of a task, and what the run is called wherever one may', async () => {
    const named = having({ name: 'OUT', value: [{ variable: 'RUN' }, '/', { variable: 'ME' }] });
    const argv: Text[] = [['x'], [{ variable: 'TMP' }, '/', { variable: 'NET' }]];
    const node = step('a', {
      command: { ...named.command, run: { kind: 'argv', argv: argv as [Text, ...Text[]] } },
      when: { kind: 'equal', value: { value: [{ variable: 'RUN' }] }, other: { value: ['r1'] } },
    });
    const fake = await FakeRun.start([node], (run) => {
      run.around = around;
      run.variables.set('RUN', 'of another run');
    });
    const { environment, run } = fake.executor.task('a').spec;
    assert.equal(environment['OUT'], 'r1/a');
    const words = ['x', `${placeMark('TMP')}/${placeMark('NET')}`];
    assert.deepEqual(run, { kind: 'argv', argv: words });
    assert.deepEqual(fake.recorder.all('warning'), []);
  });

  it('calls the machine as somebody wishes', async () => {
    const machine: Around = {
      folders: [],
      environment: [{ name: 'HOST', is: { kind: 'machine' } }],
    };
    for (const wished of [undefined, 'mine']) {
      const fake = await FakeRun.start([step('a')], (run) => {
        run.around = machine;
        if (wished !== undefined) run.variables.set('HOST', wished);
      });
      assert.equal(fake.executor.task('a').spec.environment['HOST'], wished ?? hostname());
    }
  });

  it('is nothing where a stage has nothing', async () => {
    const fake = await FakeRun.start([step('a')]);
    const [opened = {}] = fake.executor.opened;
    assert.ok(!('prefix' in opened) && !('folders' in opened));
    assert.ok(!('facts' in fake.executor.task('a').spec));
  });
});
