import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { groupOf, nodeOf, readSteps, stepOf } from '../../../test/rig/harness.ts';
import { cloud } from '../../../test/rig/harness-text.ts';

import type { FailureRule } from '../../plan/failure-rules.ts';
import type { Group } from '../../plan/plan.ts';

const rulesOf = async (errors: string, action: string): Promise<readonly FailureRule[]> => {
  const read = await readSteps(
    `- step: { identifier: a, name: a, type: Run, failureStrategies: [{ onFailure: { errors: [${errors}], action: ${action} } }], spec: { command: x } }`,
  );
  return stepOf(read, 'a').onFailure ?? [];
};

describe('what is done about failures', () => {
  it('is what each action says', async () => {
    for (const [written, action] of [
      ['{ type: Abort }', { kind: 'abort' }],
      ['{ type: Ignore }', { kind: 'ignore' }],
      ['{ type: MarkAsSuccess }', { kind: 'succeed' }],
      ['{ type: MarkAsFailure }', { kind: 'fail' }],
      ['{ type: StageRollback }', { kind: 'fail' }],
      ['{ type: PipelineRollback }', { kind: 'fail' }],
      ['{ type: ProceedWithDefaultValues }', { kind: 'fail' }],
      [
        '{ type: Retry, spec: { retryCount: 2, retryIntervals: [10s, 1m], onRetryFailure: { action: { type: Ignore } } } }',
        { kind: 'retry', times: 2, delaysMs: [10_000, 60_000], then: { kind: 'ignore' } },
      ],
      [
        '{ type: RetryStepGroup, spec: { retryCount: 1, retryIntervals: [10s] } }',
        { kind: 'retry-group', times: 1, delaysMs: [10_000], then: { kind: 'fail' } },
      ],
      [
        '{ type: ManualIntervention, spec: { timeout: 1h, onTimeout: { action: { type: MarkAsSuccess } } } }',
        { kind: 'ask', timeoutMs: 3_600_000, then: { kind: 'succeed' } },
      ],
    ] as const)
      assert.deepEqual(await rulesOf('AllErrors', written), [{ action }], written);
  });

  it('is that the nearest step group begins anew, which no parallel and no copies are', async () => {
    const failing =
      'failureStrategies: [{ onFailure: { errors: [AllErrors], action: { type: RetryStepGroup, spec: { retryCount: 1, retryIntervals: [1s] } } } }]';
    const copied = `{ step: { identifier: b, name: b, type: Run, strategy: { repeat: { times: 2 } }, ${failing}, spec: { command: x } } }`;
    const inside = await readSteps(
      `- stepGroup: { identifier: g, name: g, steps: [{ parallel: [${copied}] }] }`,
    );
    const g = groupOf(inside, 'g');
    const [parallel] = g.members as [Group];
    const [copies] = parallel.members as [Group];
    assert.deepEqual([g.anew, parallel.anew, copies.anew], [undefined, 'around', 'around']);
    assert.doesNotMatch(inside.told, /RetryStepGroup/);
    const outside = await readSteps(`- parallel: [${copied}]`);
    assert.match(
      outside.told,
      /step 'b.*': it stands in no `stepGroup` that `RetryStepGroup` could/,
    );
  });

  it('is done again whatever a `condition` of it says, which is warned of', async () => {
    const { told } = await readSteps(
      '- step: { identifier: a, name: a, type: Run, failureStrategies: [{ onFailure: { errors: [AllErrors], action: { type: Retry, spec: { retryCount: 1, retryIntervals: [1s], condition: <+steps.a.status> == "X" } } } }], spec: { command: x } }',
    );
    assert.match(told, /warning {2}step 'a': `condition` says nothing here: it is tried again/);
  });

  it('is about the kinds of failures that the errors are', async () => {
    for (const [errors, on] of [
      ['AllErrors', undefined],
      ['Timeout, AllErrors', undefined],
      ['Timeout', ['timed-out', 'unanswered']],
      ['Unknown', ['exited', 'start']],
      ['ApprovalRejection', ['rejected']],
      ['Authentication, Connectivity', ['image']],
    ] as const)
      assert.deepEqual(
        await rulesOf(errors, '{ type: Ignore }'),
        [{ ...(on && { on }), action: { kind: 'ignore' } }],
        errors,
      );
    assert.deepEqual(await rulesOf('Verification', '{ type: Ignore }'), []);
  });

  it('is said by the step before its group, and by that before its stage', async () => {
    const failing = (type: string) =>
      `failureStrategies: [{ onFailure: { errors: [AllErrors], action: { type: ${type} } } }]`;
    const read = await readSteps(
      `
- stepGroup:
    identifier: g
    name: g
    ${failing('Ignore')}
    steps:
      - step: { identifier: a, name: a, type: Run, ${failing('Abort')}, spec: { command: x } }
      - step: { identifier: b, name: b, type: Wait, spec: { duration: 10s } }
- step: { identifier: c, name: c, type: Run, spec: { command: x } }
`,
      { stage: failing('MarkAsSuccess') },
    );
    const kinds = (name: string) => {
      const node = nodeOf(read, name);
      const rules = 'onFailure' in node ? node.onFailure : undefined;
      return (rules ?? []).map(({ action }) => action.kind);
    };
    assert.deepEqual(kinds('g_a'), ['abort', 'ignore', 'succeed']);
    assert.deepEqual(kinds('g_b'), ['ignore', 'succeed']);
    assert.deepEqual(kinds('c'), ['succeed']);
    assert.equal(groupOf(read, 'g').onFailure, undefined);
  });

  it('leaves the rest to decide by how what stands before it has gone', async () => {
    const read = await readSteps(`
- step: { identifier: a, name: a, type: Run, when: { stageStatus: Success }, spec: { command: x } }
- step: { identifier: b, name: b, type: Run, when: { stageStatus: Failure }, spec: { command: x } }
- step: { identifier: c, name: c, type: Run, when: { stageStatus: All }, spec: { command: x } }
`);
    assert.equal(read.plan?.stages[0]?.failing, 'in-order');
    const after = ['a', 'b', 'c'].map((name) => nodeOf(read, name).after);
    assert.deepEqual(after, [undefined, 'failure', 'either']);
  });

  it('has times in the words of Harness', async () => {
    for (const [timeout, ms] of [
      ['10s', 10_000],
      ['1h 30m', 5_400_000],
      ['1h30m', 5_400_000],
      ['2d', 172_800_000],
      ['1w', 604_800_000],
      ['1.5h', 5_400_000],
      ['""', undefined],
    ] as const) {
      const read = await readSteps(
        `- step: { identifier: a, name: a, type: Run, timeout: ${timeout}, spec: { command: x } }`,
        { runs: cloud },
      );
      assert.equal(stepOf(read, 'a').timeoutMs, ms, timeout);
    }
  });
});
