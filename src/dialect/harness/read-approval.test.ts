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

/** What is said of an approval with these settings. */
async function toldOf(settings: string): Promise<string> {
  const { told } = await readSteps(
    `- step: { identifier: ask, name: ask, type: HarnessApproval, spec: { approvalMessage: go?, ${settings} } }`,
  );
  return told;
}

test('what an approval asks of those who give it and what cannot be kept is a warning in its place', async () => {
  const told = await toldOf(
    'approvers: { minimumCount: 2, disallowPipelineExecutor: true, userGroups: [account.release], serviceAccounts: [bot], disallowedUserEmails: [a@b.c] }, autoApproval: { action: APPROVE, scheduledDeadline: { timeZone: UTC, time: "2030-01-01 10:00 AM" } }, isAutoRejectEnabled: true',
  );
  for (const message of [
    '`minimumCount` of 2 cannot be kept',
    '`disallowPipelineExecutor` cannot be kept',
    '`userGroups` is not looked at',
    '`serviceAccounts` is not looked at',
    '`disallowedUserEmails` is not looked at',
    '`autoApproval` cannot be kept',
    '`isAutoRejectEnabled` cannot be kept',
  ])
    assert.match(told, new RegExp(`p\\.yaml:14:\\d+ +warning +step 'ask': ${message}\\n`));
  assert.match(told, /here whoever runs the pipeline answers, and one answer is enough/);
  assert.doesNotMatch(told, /error/);
});

test('an approval that one person may give has nothing said of that', async () => {
  const told = await toldOf(
    'approvers: { minimumCount: 1, disallowPipelineExecutor: false, userGroups: [] }, isAutoRejectEnabled: false',
  );
  assert.doesNotMatch(told, /kept|looked at/);
});

test('a number of approvals that is none is a mistake', async () => {
  for (const wrong of ['0', 'two', '-1'])
    assert.match(
      await toldOf(`approvers: { minimumCount: ${wrong}, disallowPipelineExecutor: false }`),
      /error[^\n]*minimumCount`[^\n]*a whole number, 1 or more/,
    );
});
