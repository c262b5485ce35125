import assert from 'node:assert/strict';
import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';

browserSuite('who comes to the server with a browser', () => {
  it('gets in by the link that it printed, once, and stays in', async () => {
    await using visited = await visit();
    const { page, serving } = visited;
    await page.reload();
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    const link = await serving.running.printed(/(http\S+\/login\?code=\S+)/);
    const stranger = await visited.stranger();
    await stranger.goto(serving.url);
    await stranger.getByText('This browser is not known to the server').waitFor();
    await shoot(stranger, 'not-known');
    await assertAccessible(stranger);
    await stranger.goto(link[1]!);
    await stranger.getByRole('button', { name: 'Go on' }).click();
    await stranger.getByText('This link was used already').waitFor();
    assert.equal(new URL(stranger.url()).pathname, '/login');
  });
});
