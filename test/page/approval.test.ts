import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';

const step = (name: string, type: string, rest: string): string =>
  `              - step: {identifier: ${name}, name: ${name}, type: ${type}, ${rest}}`;

const release = `pipeline:
  identifier: release
  name: release
  stages:
    - stage:
        identifier: main
        name: main
        type: CI
        spec:
          cloneCodebase: false
          platform: {os: Linux, arch: Amd64}
          runtime: {type: Cloud, spec: {}}
          execution:
            steps:
${step('build', 'Run', `spec: {shell: Sh, command: echo built}`)}
${step(
  'ok',
  'HarnessApproval',
  `timeout: 1h, spec: {approvalMessage: 'Deploy <+pipeline.name>?', includePipelineExecutionHistory: false,
                  approvers: {minimumCount: 1, disallowPipelineExecutor: false}, approverInputs: [{name: target, allowedValues: 'test,live'}]}`,
)}
${step('deploy', 'Run', `spec: {shell: Sh, command: 'echo to <+steps.ok.output.approverInputs.target>'}`)}
`;

browserSuite('an approval', () => {
  it('is still asked for after a reload, and given with its inputs and a comment', async () => {
    await using visited = await visit();
    const { page } = visited;
    await visited.open(`#/runs/${await visited.run(release)}`);
    await page.getByRole('heading', { name: "step 'ok' asks" }).waitFor();
    await page.reload();
    await page.getByText('Deploy release?', { exact: true }).waitFor();
    await page.locator('.log-line', { hasText: /build.*built$/ }).waitFor();
    await shoot(page, 'run-asks');
    await assertAccessible(page);
    await page.getByLabel('target').selectOption('live');
    await page.getByLabel('Comment').fill('looks good');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.locator('.run-head .badge', { hasText: 'succeeded' }).waitFor();
    await page.getByRole('link', { name: 'ok' }).filter({ hasText: 'succeeded' }).waitFor();
    await page.getByRole('link', { name: 'deploy' }).click();
    await page.getByText('to live').waitFor();
  });

  it('is refused, and the comment is the cause', async () => {
    await using visited = await visit();
    const { page } = visited;
    await visited.open(`#/runs/${await visited.run(release)}`);
    await page.getByLabel('Comment').fill('not on a Friday');
    await page.getByRole('button', { name: 'Reject' }).click();
    await page
      .getByRole('region', { name: 'Why it failed' })
      .getByText("step 'ok' was rejected by the page: not on a Friday.")
      .waitFor();
  });
});
