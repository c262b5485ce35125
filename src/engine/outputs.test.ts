import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { command, equal, step } from '../../test/rig/plans.ts';
import { fail, ok } from '../base/result.ts';

import type { Node, Output } from '../plan/plan.ts';

const version: Output = { name: 'VERSION', as: 'build.VERSION' };
const giving = (...outputs: Output[]): Node => step('build', { outputs });
const telling = step('tell', {
  command: {
    ...command('true'),
    environment: [{ name: 'V', value: [{ variable: 'build.VERSION' }] }],
  },
});

describe('what a step hands over', () => {
  it('is known to the run from then on', async () => {
    const fake = await FakeRun.start([
      giving(version),
      telling,
      step('skipped', { when: equal('build.VERSION', '2') }),
    ]);
    fake.executor.task('build').handedOver = ok('VERSION=1.2\nOTHER=x\n');
    await fake.exit('build', 0);
    assert.deepEqual(fake.executor.task('tell').spec.environment, { V: '1.2' });
    await fake.exit('tell', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(fake.recorder.all('step.outputs')[0]?.outputs, { 'build.VERSION': '1.2' });
    assert.ok(fake.story.includes('step.ended skipped skipped'));
    assertInvariants(fake.recorder.events);
  });

  it('is a secret from then on if it says so', async () => {
    const fake = await FakeRun.start([giving({ ...version, isSecret: true }), telling]);
    fake.executor.task('build').handedOver = ok('VERSION=s3cret\n');
    await fake.exit('build', 0);
    assert.deepEqual(fake.recorder.hidden, ['s3cret']);
    assert.deepEqual(fake.executor.task('tell').spec.environment, { V: 's3cret' });
    assert.deepEqual(fake.recorder.all('step.outputs')[0]?.outputs, {
      'build.VERSION': '********',
    });
  });

  it('is missing with a warning, and is nothing when the step fails', async () => {
    const fake = await FakeRun.start([
      giving(version),
      step('broken', { outputs: [version] }),
      step('bad', { outputs: [version], continueOnFail: true }),
      step('last'),
    ]);
    await fake.exit('build', 0);
    fake.executor.task('broken').handedOver = fail('its file cannot be read');
    await fake.exit('broken', 0);
    fake.executor.task('bad').handedOver = ok('VERSION=1\n');
    await fake.exit('bad', 1);
    await fake.exit('last', 0);
    await fake.run.ended;
    const told = fake.recorder.all('warning').map(({ about, text }) => [about, text]);
    assert.deepEqual(told, [
      ['build', 'it has not set its output VERSION'],
      ['broken', 'its file cannot be read'],
    ]);
    assert.equal(fake.variables.has('build.VERSION'), false);
  });

  it('has a file that the dialect may give other names, and who hands over nothing has none', async () => {
    const fake = await FakeRun.start([giving(version), step('other')], (run) => {
      run.around = { folders: [], environment: [{ name: 'THEIRS', is: { kind: 'outputs' } }] };
    });
    const { facts, run } = fake.executor.task('build').spec;
    const outputs = { kind: 'outputs' };
    assert.deepEqual(facts, { CONTINUO_OUTPUT: outputs, THEIRS: outputs });
    assert.ok(run.kind === 'script' && run.text.includes('VERSION'));
    await fake.exit('build', 0);
    const { spec } = fake.executor.task('other');
    assert.deepEqual([spec.facts, spec.environment], [undefined, { THEIRS: '/dev/null' }]);
  });

  it('keeps a step from being begun ahead that asks for it', async () => {
    const fake = await FakeRun.start([giving(version), telling, step('plain')]);
    const ahead = fake.executor.prepared.map(({ name }) => name);
    assert.deepEqual(ahead, ['plain']);
    fake.executor.task('build').handedOver = ok('VERSION=1.2\n');
    await fake.exit('build', 0);
    await fake.exit('tell', 0);
    await fake.exit('plain', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
  });

  it('keeps an image from being asked for ahead that it names', async () => {
    const image = { ...command('true'), image: ['app:', { variable: 'build.VERSION' }] };
    const fake = await FakeRun.start([giving(version), step('run', { command: image })]);
    assert.ok(fake.executor.wishes.every((wish) => wish.image === undefined));
    fake.executor.task('build').handedOver = ok('VERSION=1.2\n');
    await fake.exit('build', 0);
    assert.equal(fake.executor.task('run').spec.image, 'app:1.2');
  });
});
