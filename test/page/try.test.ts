import assert from 'node:assert/strict';
import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';

/** It says something now and then until it is ended. */
const ticking = `version: 2.1
pipeline: [{step: {name: tick, commands: ['while :; do echo tick; sleep 0.1; done']}}]
`;

browserSuite('the page to try the API', () => {
  it('is found from the front, and lets one ask and hand over, with the keyboard alone', async () => {
    await using visited = await visit();
    const { page } = visited;
    await page.getByRole('link', { name: 'API', exact: true }).focus();
    await page.keyboard.press('Enter');
    const list = page.getByRole('link', { name: 'GET /runs', exact: true });
    await list.waitFor();
    await shoot(page, 'api');
    await assertAccessible(page);

    await page.getByRole('link', { name: 'POST /runs', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Starts a run, or loads one' }).waitFor();
    await page.getByRole('textbox', { name: 'variables' }).fill('{oops');
    await page.getByRole('textbox', { name: 'text', exact: true }).fill(ticking);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('It is to be JSON.').waitFor();
    await page.locator('textarea:focus').fill('{"GREETING": "it\'s me"}');
    await page.getByText('As a command line').click();
    const line = page.getByRole('group', { name: 'The command line' });
    assert.match((await line.textContent()) ?? '', /^curl -sS -H "Author[^']+--json '.+' 'http:/);
    await page.getByRole('button', { name: 'Send' }).press('Enter');
    await page.getByText('201 Created').waitFor();
    const told = await page.getByRole('group', { name: 'The body of the answer' }).textContent();
    const { id } = JSON.parse(told!) as { id: string };
    await page.getByText('Its headers').click();
    await page.getByText(`location: /api/v1/runs/${id}`).waitFor();
    await shoot(page, 'api-started');
    await assertAccessible(page);

    await list.click();
    await page.getByLabel('limit').fill('0');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('400 Bad Request').waitFor();
    await page.getByText(/"urn:continuo:bad-request"/).waitFor();
    await page.getByLabel('limit').fill('1');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('200 OK').waitFor();
    await page.getByRole('group', { name: 'The body of the answer' }).getByText(id).waitFor();

    await page.getByRole('link', { name: 'POST /runs/{run}/commands' }).click();
    await page.getByLabel('What to do').selectOption('kill');
    await page.getByRole('textbox', { name: 'run (required)' }).fill(id);
    await page.getByRole('textbox', { name: 'by (required)' }).fill('ann');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('200 OK').waitFor();
  });

  it('shows what comes bit by bit as it comes, until it is stopped, on a phone as well', async () => {
    await using visited = await visit({ viewport: { width: 390, height: 800 } });
    const { page } = visited;
    const run = await visited.run(ticking);
    await page.goto(`${visited.serving.url}/api/v1/docs`);
    await page.getByRole('link', { name: 'GET /runs/{run}/events' }).click();
    await page.getByRole('textbox', { name: 'run (required)' }).fill(run);
    await page.getByRole('button', { name: 'Send' }).click();
    const body = page.getByRole('group', { name: 'The body of the answer' });
    await body.getByText(/"run.started"/).waitFor();
    // Some seconds later.
    await body.getByText(/id: 30\s/).waitFor();
    await page.getByText(/^it comes: [\d,]+ characters so far$/).waitFor();
    await shoot(page, 'api-stream-phone');
    await assertAccessible(page);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/^stopped after/).waitFor();
    await page.getByText('200 OK').waitFor();
  });
});
