import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readSteps } from '../../../test/rig/harness.ts';
import { compilePattern } from '../../base/pattern.ts';
import { nodesOfPlan } from '../../plan/order.ts';

/** What a person may answer to an input of an approval. */
async function takenBy(input: string, ...answers: readonly string[]): Promise<readonly string[]> {
  const { plan, told } = await readSteps(
    `- step: { identifier: ask, name: ask, type: HarnessApproval, spec: { approvalMessage: go?, approverInputs: [{ name: x, ${input} }] } }`,
  );
  assert.ok(plan, told);
  const asks = nodesOfPlan(plan).find(({ kind }) => kind === 'approval');
  assert.ok(asks?.kind === 'approval');
  const { pattern = '' } = asks.inputs[0]!;
  const compiled = compilePattern(`^(?:${pattern})$`);
  assert.ok(compiled.ok);
  return answers.filter((answer) => compiled.value.test(answer));
}

test('an input of an approval that picks several takes those, parted by commas', async () => {
  const answers = ['a', 'a,c.d', 'a, b', 'z', 'a,z', 'cxd', ''];
  for (const input of ['selectManyFrom: [a, b, c.d]', 'selectManyFrom: "a,b,c.d"'])
    assert.deepEqual(await takenBy(input, ...answers), ['a', 'a,c.d', 'a, b']);
});

test('an input of an approval that is matched takes what matches', async () => {
  assert.deepEqual(await takenBy('regex: "v[0-9]+"', 'v1', 'v'), ['v1']);
});
