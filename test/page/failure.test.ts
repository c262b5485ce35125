import assert from 'node:assert/strict';
import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { harnessRun, harnessStage } from '../rig/harness-stage.ts';

const until = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done`;

const junit = `<testsuite name="cart"><testcase classname="cart" name="adds"/><testcase classname="cart" name="removes"><failure message="3 is not 2">expected 2, got 3</failure></testcase></testsuite>`;

const dying = `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: ['echo up; ${until('break')}; echo "FATAL: could not write: no space left" >&2; exit 3']
      ready: {log: ^up}
  - step:
      name: cache
      background: true
      commands: ['echo up; ${until('break')}; echo "cache: lost its database"; exec sleep 1000']
      ready: {log: ^up}
  - step: {name: build, commands: ["echo built"]}
  - step: {name: checkout, commands: ['echo "paying with a card"; exec sleep 1000']}
  - step: {name: report, commands: ["true"]}
`;

const failing = harnessStage(
  harnessRun(
    'unit',
    'cat cart.xml > report.xml; echo "1 of 2 failed"; exit 1',
    'reports: { type: JUnit, spec: { paths: [report.xml] } }',
  ),
);

browserSuite('a run that fails', () => {
  it('tells the service that died as its cause, and beside the step what all services said', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await visited.open(`#/runs/${await visited.run(dying)}`);
    await page.getByRole('link', { name: 'checkout' }).filter({ hasText: 'running' }).waitFor();
    place.file('break', '');
    const why = page.getByRole('region', { name: 'Why it failed' });
    const cause = /^service 'db' died with exit code 3 after .*, while step 'checkout' ran\.$/;
    await why.getByText(cause).waitFor();
    await why.getByLabel("What step 'checkout' said").getByText('paying with a card').waitFor();
    await why.getByLabel("What service 'db' said").getByText('no space left').waitFor();
    await why.getByLabel("What service 'cache' said").getByText('lost its database').waitFor();
    await page.getByRole('link', { name: 'report' }).filter({ hasText: 'skipped' }).waitFor();
    await shoot(page, 'run-failed');
    await assertAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoot(page, 'run-failed-dark');
    await page.setViewportSize({ width: 375, height: 800 });
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 375);
    await shoot(page, 'run-failed-phone');
  });

  it('tells of the tests that broke', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    place.file('cart.xml', junit);
    await visited.open(`#/runs/${await visited.run(failing)}`);
    const tests = page.getByRole('region', { name: 'Tests' });
    await tests.getByText('2 tests: 1 passed and 1 failed').waitFor();
    await tests.getByText('cart removes').waitFor();
    await tests.getByText('expected 2, got 3').waitFor();
    await shoot(page, 'run-tests');
    await assertAccessible(page);
  });
});
