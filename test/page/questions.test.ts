import assert from 'node:assert/strict';
import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { askingOnFailure, harnessRun, harnessStage } from '../rig/harness-stage.ts';

/** A step that fails until it is mended. */
const smoke = harnessRun('smoke', 'test -e fixed || exit 3', '', askingOnFailure('Abort'));

/** The same after a stage that asks where to go, and a step that asks for what nobody else may see. */
const release = harnessStage(
  harnessRun(
    'login',
    'echo "to <+stage.variables.REGION> as $USER_NAME with $TOKEN"',
    `envVariables:
  TOKEN: "<+input>.executionInput()"
  USER_NAME: "<+input>.default(bot).regex([a-z]+).executionInput()"`,
  ) + smoke,
  {
    stage:
      'variables: [{ name: REGION, type: String, value: "<+input>.allowedValues(north,south).executionInput()" }]',
  },
);

browserSuite('what a run asks', () => {
  it('is answered on its page: inputs by their rules, a secret, and what to do about a failure', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await visited.open(`#/runs/${await visited.run(release)}`);

    const stage = page.getByRole('region', { name: "stage 'build' asks" });
    await stage.getByRole('button', { name: 'Give this' }).click();
    await stage.getByText('It is required.').waitFor();
    const region = stage.getByLabel('REGION');
    await stage.locator('select:focus').waitFor();
    await assertAccessible(page);
    await region.selectOption('south');
    await region.press('Tab');
    await page.keyboard.press('Enter');

    const login = page.getByRole('region', { name: "step 'login' asks" });
    const token = login.getByRole('textbox', { name: 'envVariables.TOKEN' });
    const user = login.getByRole('textbox', { name: 'envVariables.USER_NAME' });
    await user.fill('R2-D2');
    await login.getByRole('checkbox').first().check();
    const hidden = login.locator('input[type=password]');
    await hidden.fill('abc-12345');
    assert.equal(await token.getAttribute('type'), 'password');
    await hidden.press('Enter');
    await login.getByText('It is to match [a-z]+, and does not.').waitFor();
    await shoot(page, 'run-asks-inputs');
    await assertAccessible(page);
    await user.fill('');
    await user.press('Enter');

    const failed = page.getByRole('region', { name: "step 'smoke' asks" });
    await failed.getByText('it failed with exit code 3: what shall be done?').waitFor();
    await shoot(page, 'run-asks-about-failure');
    await assertAccessible(page);
    place.file('fixed', '');
    await failed.getByRole('button', { name: 'Run it once more' }).click();
    await page.locator('.run-head .badge', { hasText: 'succeeded' }).waitFor();
    await page.getByText('to south as bot with ********').waitFor();
    assert.doesNotMatch(await page.content(), /abc-12345/);
    assert.doesNotMatch(JSON.stringify(await place.events()), /abc-12345/);
  });

  it('is shown on a phone as well, and a failure is ignored with a reason', async () => {
    await using visited = await visit({ viewport: { width: 390, height: 800 } });
    const { page } = visited;
    await visited.open(`#/runs/${await visited.run(harnessStage(smoke))}`);
    await page.getByLabel('Comment').fill('known to be flaky');
    await shoot(page, 'run-asks-phone');
    const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    assert.equal(wide, false);
    await page.getByRole('button', { name: 'Ignore the failure' }).click();
    await page.locator('.run-head .badge', { hasText: 'succeeded' }).waitFor();
  });
});
