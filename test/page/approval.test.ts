import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { harnessApproval, harnessRun, harnessStage } from '../rig/harness-stage.ts';

const release = harnessStage(
  harnessRun('build', 'echo built') +
    harnessApproval('ok') +
    harnessRun('deploy', 'echo to <+steps.ok.output.approverInputs.target>'),
  { name: 'release' },
);

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
