import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { step } from '../../test/rig/plans.ts';
import { brokenText, isLate } from './command-texts.ts';

import type { Expression } from '../plan/expression.ts';
import type { Command, Text } from '../plan/plan.ts';

const out: Expression = { kind: 'variable', name: 'out' };
const hole: Text = ['x:', { expression: out }];
const broken: Text = [{ expression: { kind: 'call', of: out, method: 'trim', arguments: [] } }];
const command = (more: Partial<Command>): Command => ({
  run: { kind: 'argv', argv: [['true']] },
  environment: [],
  ...more,
});

describe('the expressions of a command', () => {
  it('let an executor be asked for it once the run has what its surroundings are made of', () => {
    const none = new Map<string, string>();
    for (const late of [
      command({ image: hole }),
      command({ image: ['x'], container: { ports: [hole] } }),
      command({ user: hole }),
    ]) {
      assert.equal(isLate(late, none), true);
      assert.equal(isLate(late, new Map([['out', '1']])), false);
    }
    assert.equal(isLate(command({ image: [{ variable: 'X' }] }), none), false);
    assert.equal(isLate(command({ environment: [{ name: 'A', value: hole }] }), none), false);
  });

  it('are named with what they belong to when they cannot be worked out', () => {
    const why = 'cannot be worked out: `trim` is asked of out, which has no value';
    for (const [one, what] of [
      [command({ image: broken }), 'its image or container'],
      [command({ environment: [{ name: 'A', value: broken }] }), 'its `A`'],
      [command({ run: { kind: 'argv', argv: [['true'], broken] } }), 'its command'],
    ] as const)
      assert.equal(brokenText(one, new Map()), `${what} ${why}`);
    assert.equal(brokenText(command({ image: broken }), new Map([['out', ' x']])), undefined);
  });

  it('are warned of once when they read null, and fail the step when they are broken', async () => {
    const run = { kind: 'script', shell: ['sh'], announce: 'minimal' } as const;
    const value: Text = [{ expression: out }];
    const reading = command({
      run: { ...run, lines: ['echo', hole] },
      environment: [{ name: 'A', value }],
    });
    const fake = await FakeRun.start([
      step('one', { command: reading }),
      step('two', { command: command({ run: { ...run, lines: [broken] } }) }),
    ]);
    assert.deepEqual(fake.executor.task('one').spec.environment, { A: 'null' });
    assert.deepEqual(
      fake.recorder.all('warning').map(({ about, text }) => [about, text]),
      [['one', 'an expression asks for out, which has no value, and reads it as null']],
    );
    await fake.exit('one', 0);
    const [, end] = fake.recorder.all('step.ended');
    assert.equal(end?.outcome, 'failed');
    assert.match(JSON.stringify(end), /its command cannot be worked out: `trim` is asked of out/);
  });
});
