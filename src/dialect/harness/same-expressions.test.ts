import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { cloud } from '../../../test/rig/harness-text.ts';
import { readSteps, readText, stepOf } from '../../../test/rig/harness.ts';

import type { HarnessRead } from '../../../test/rig/harness.ts';

const step = (id: string, command: string): string =>
  `- step: { identifier: ${id}, name: ${id}, type: Run, spec: { command: '${command}' } }\n`;

function commandOf(read: HarnessRead, name: string): unknown {
  const { run } = stepOf(read, name).command;
  return run.kind === 'script' && run.lines;
}

describe('the same expression in several steps', () => {
  it('comes to the same where it names what the stage has', async () => {
    const asked = 'x <+stage.variables.V == "v" ? pipeline.variables.A + stage.name : "no">';
    const read = await readSteps(step('a', asked) + step('b', asked), {
      pipeline: 'variables: [{ name: A, type: String, value: in }]',
      stage: 'variables: [{ name: V, type: String, value: v }]',
    });
    for (const name of ['a', 'b']) assert.deepEqual(commandOf(read, name), ['x inbuild']);
  });

  it('comes to what each step is, by way of the stage too', async () => {
    const asked = '<+step.name> <+stage.variables.WHO> <+stage.variables.WHO.toUpperCase()>';
    const read = await readSteps(step('a', asked) + step('b', asked), {
      stage: 'variables: [{ name: WHO, type: String, value: "is <+step.identifier>" }]',
    });
    for (const name of ['a', 'b'])
      assert.deepEqual(commandOf(read, name), [`${name} is ${name} IS ${name.toUpperCase()}`]);
  });

  it('is told of in each of them where it is wrong', async () => {
    const wrong = ['<+stage.variables.Z>', '<+stage.name.nothing()>', '<+stage.name.substring(9)>'];
    // The branch that is not taken is wrong all the same.
    for (const asked of [...wrong, '<+stage.name == "build" ? 1 : pipeline.variables.Z>']) {
      const read = await readSteps(step('a', asked) + step('b', asked), {
        pipeline: 'variables: [{ name: A, type: String, value: in }]',
        stage: 'variables: [{ name: V, type: String, value: v }]',
      });
      assert.equal(read.plan, undefined, asked);
      assert.match(read.told, /step 'a': [^]*step 'b': /, asked);
    }
  });

  it('comes to what each stage has, and each copy of one', async () => {
    const stage = (id: string, more: string): string => `
    - stage:
        identifier: ${id}
        name: the ${id}
        type: CI
        ${more}
        spec:
          ${cloud.replace(', runtime:', '\n          runtime:')}
          execution:
            steps:
              ${step('x', '<+stage.name> <+stage.variables.V> <+stage.identifier>')}`;
    const read = await readText(`pipeline:
  identifier: p
  name: p
  stages:${stage('one', 'variables: [{ name: V, type: String, value: v }]')}${stage('two', 'variables: [{ name: V, type: String, value: w }]')}${stage('many', 'variables: [{ name: V, type: String, value: <+matrix.m> }]\n        strategy: { matrix: { m: [i, j] } }')}`);
    assert.deepEqual(commandOf(read, 'one.x'), ['the one v one']);
    assert.deepEqual(commandOf(read, 'two.x'), ['the two w two']);
    assert.deepEqual(commandOf(read, 'many_0.x'), ['the many i many_0']);
    assert.deepEqual(commandOf(read, 'many_1.x'), ['the many j many_1']);
  });
});
