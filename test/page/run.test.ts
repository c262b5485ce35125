import assert from 'node:assert/strict';
import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { HttpFiles, endless } from '../rig/http-files.ts';
import { comesTo, killRunner, load, post, tell } from '../rig/server-runs.ts';
import { serve } from '../rig/serving.ts';

import type { Page } from 'playwright-core';

const until = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done`;

/** A service that is ready once a file is there, and steps that wait for others. */
const shop = `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: ['echo booting; ${until('boot')}; echo up; exec sleep 1000']
      ready: {log: ^up}
  - steps:
      name: checks
      pipeline:
        - step: {name: one, commands: ['${until('go')}; echo one is done']}
        - step: {name: two, commands: ["true"]}
  - step: {name: three, commands: ["true"]}
`;

/** The row of a step or service in the tree. */
const row = (page: Page, name: string, text: string | RegExp) =>
  page.getByRole('navigation').getByRole('link', { name }).filter({ hasText: text });

const badge = (page: Page, word: string) => page.locator('.run-head .badge', { hasText: word });

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

browserSuite('a run that is watched', () => {
  it('shows services become ready, and what waits for them', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await visited.open(`#/runs/${await visited.run(shop)}`);
    await row(page, 'db', 'not ready for').waitFor();
    await row(page, 'one', 'waiting for db').waitFor();
    await page.getByText('one waits for db.').waitFor();
    await shoot(page, 'run-waiting');
    place.file('boot', '');
    await row(page, 'db', 'ready').waitFor();
    await row(page, 'one', 'running').waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: 'service db: ready' })
      .waitFor({ state: 'attached' });
    await shoot(page, 'run-ready');
    await assertAccessible(page);
    place.file('go', '');
    await badge(page, 'succeeded').waitFor();
    await row(page, 'three', 'succeeded').waitFor();
    await shoot(page, 'run-succeeded');
    await assertAccessible(page);
  });

  it('is paused, goes on step by step, up to a step, and to its end', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    place.file('boot', '');
    await visited.open(`#/runs/${await visited.run(shop)}`);
    await row(page, 'one', 'running').waitFor();
    await button(page, 'Pause').click();
    await page.getByText('Paused by the page.').waitFor();
    place.file('go', '');
    await row(page, 'one', 'succeeded').waitFor();
    await row(page, 'two', 'pending').waitFor();
    await shoot(page, 'run-paused');
    await assertAccessible(page);
    await button(page, 'Next step').click();
    await row(page, 'two', 'succeeded').waitFor();
    await row(page, 'three', 'pending').waitFor();
    await row(page, 'db', 'ready').waitFor();
    await page.getByLabel('The last step of it').selectOption('three');
    await button(page, 'Resume up to').click();
    await badge(page, 'succeeded').waitFor();
    assert.equal(await button(page, /Pause|Resume|Kill/).count(), 0);
  });

  it('is loaded, found as such, and stepped through', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    place.file('boot', '');
    place.file('go', '');
    const run = await visited.run(shop, { load: true });
    const listed = page.getByRole('list', { name: 'Runs' });
    await listed.getByText('loaded').waitFor();
    await page.getByLabel('Outcome').selectOption('loaded');
    await page.waitForURL(/outcome=loaded/);
    await listed.getByRole('link').click();
    await page.waitForURL(new RegExp(run));
    await badge(page, 'loaded').waitFor();
    await page.getByText('Loaded: nothing has begun.').waitFor();
    await shoot(page, 'run-loaded');
    await assertAccessible(page);
    await button(page, 'Next step').click();
    await row(page, 'db', 'ready').waitFor();
    await badge(page, 'paused').waitFor();
    await button(page, 'Next step').click();
    await row(page, 'one', 'succeeded').waitFor();
    await row(page, 'two', 'pending').waitFor();
    await button(page, 'Resume').first().click();
    await badge(page, 'succeeded').waitFor();
  });

  it('is loaded, loses its process, and goes on by another with what it was given', async () => {
    await using visited = await visit();
    const { page, place, serving } = visited;
    const paint = `version: 2.1
pipeline:
  - step: {name: paint, environment: [{name: COLOR}], commands: ['echo "it is $COLOR"; ${until('go')}']}
`;
    const run = await visited.run(paint, { load: true, variables: { COLOR: 'red' } });
    await visited.open(`#/runs/${run}`);
    await badge(page, 'loaded').waitFor();
    for (const value of ['green', 'yellow', 'blue']) {
      const given = await post(serving, `/${run}/environment`, { name: 'COLOR', value });
      assert.equal(given.status, 200);
    }
    await killRunner(serving, run);
    for (let times = 0; times < 2; times += 1) await page.waitForRequest(/\/events\?/);
    assert.equal(await page.getByText('Trying again').count(), 0);
    await button(page, 'Resume').first().click();
    await badge(page, 'running').waitFor();
    await page.getByText('it is blue').waitFor();
    place.file('go', '');
    await badge(page, 'succeeded').waitFor();
    await row(page, 'paint', 'succeeded').waitFor();
  });

  it('is killed once it has been said twice', async () => {
    await using visited = await visit();
    const { page } = visited;
    await visited.open(`#/runs/${await visited.run(shop)}`);
    await row(page, 'db', 'not ready').waitFor();
    await button(page, 'Kill').click();
    await page.keyboard.press('Escape');
    await button(page, 'Kill').click();
    await button(page, 'No').click();
    await badge(page, 'running').waitFor();
    assert.match(String(await page.evaluate('document.activeElement.textContent')), /^Kill/);
    await button(page, 'Kill').press('Enter');
    await button(page, 'Yes, end it').press('Enter');
    await badge(page, 'cancelled').waitFor();
    await page.getByText('Cancelled by the page.').waitFor();
  });

  it('is killed while its files are still being read', async () => {
    await using visited = await visit();
    await using files = await HttpFiles.start(endless);
    const { page } = visited;
    const imports = `imports: {lib: {src: '${files.at('/lib.yaml')}'}}\n`;
    const starting = visited.run(shop.replace('pipeline:\n', `${imports}pipeline:\n`));
    await page.getByRole('list', { name: 'Runs' }).getByText('starting').click();
    await badge(page, 'starting').waitFor();
    await page.getByText('Its files are being read.').waitFor();
    await shoot(page, 'run-starting');
    await assertAccessible(page);
    assert.equal(await button(page, /Begin|Pause|Resume/).count(), 0);
    await button(page, 'Kill').click();
    await button(page, 'Yes, end it').click();
    await badge(page, 'cancelled').waitFor();
    await page.getByText('Cancelled by the page.').waitFor();
    assert.match(page.url(), new RegExp(await starting));
  });

  it('is the one that is ended on its page, though another has its name by then', async () => {
    await using visited = await visit();
    const { page, serving } = visited;
    const after = await visited.run(shop, { load: true });
    const one = await load(serving, { text: shop, name: 'next', after });
    await visited.open('#/runs/next');
    await page.waitForURL(({ hash }) => hash === `#/runs/${one.id}`);
    await badge(page, 'loaded').waitFor();
    await button(page, 'Kill').click();
    const other = await load(serving, { text: shop, name: 'next', after });
    await page.waitForResponse(/\/runs\/[^/]+$/);
    await button(page, 'Yes, end it').click();
    await comesTo(serving, one.id, ({ outcome }) => outcome === 'cancelled');
    assert.equal((await tell(serving, other.id)).outcome, 'loaded');
  });

  it('says that it is tried again only where it is', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await visited.open(`#/runs/${await visited.run(shop)}`);
    await row(page, 'db', 'not ready').waitFor();
    const problem = { title: 'Not for you', detail: 'Ask somebody else.' };
    await page.route('**/events?*', (route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', json: problem }),
    );
    const { port, running } = visited.serving;
    running.child.kill('SIGKILL');
    const told = page.getByRole('status').filter({ hasText: 'Not for you' });
    await told.waitFor();
    assert.equal(await told.textContent(), 'Not for you: Ask somebody else.');
    visited.serving = await serve(place, { port });
  });

  it('is lost when its process is killed, and says so', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await visited.open(`#/runs/${await visited.run(shop)}`);
    await row(page, 'db', 'not ready').waitFor();
    const [first] = await place.events();
    assert.ok(first?.type === 'run.started');
    process.kill(first.pid, 'SIGKILL');
    await badge(page, 'lost').waitFor();
    await row(page, 'three', 'not run').waitFor();
    assert.equal(await button(page, /Pause|Kill/).count(), 0);
    // It stands where it was lost: now, later, and for whoever comes then.
    await row(page, 'one', 'lost while waiting').waitFor();
    const stands = () => page.locator('.run-head .took, .timeline-tick').allTextContents();
    const then = await stands();
    assert.equal(await page.locator('.timeline-rows .goes-on').count(), 0);
    await page.getByRole('button', { name: /^service db: lost while running/ }).hover();
    assert.deepEqual(await stands(), then);
    await page.reload();
    await row(page, 'one', 'lost while waiting').waitFor();
    assert.deepEqual(await stands(), then);
    await shoot(page, 'run-lost');
    await assertAccessible(page);
  });

  it('tells why it does not do what it is asked', async () => {
    await using visited = await visit();
    const { page } = visited;
    await visited.open(`#/runs/${await visited.run(shop)}`);
    await row(page, 'db', 'not ready').waitFor();
    const problem = { title: 'The run does not do that', detail: 'It is of another mind.' };
    await page.route('**/commands', (route) =>
      route.fulfill({ status: 409, contentType: 'application/problem+json', json: problem }),
    );
    await button(page, 'Pause').click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'The run does not do that: It is of another mind.' })
      .waitFor();
    problem.detail = 'a.yaml:1:1  error\n    1 │ a';
    await button(page, 'Pause').click();
    const told = page.getByRole('alert').filter({ hasText: /^The run does not do that\./ });
    assert.equal(await told.locator('pre').textContent(), problem.detail);
  });

  it('misses nothing over a reload, and over the death of its server', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    const run = await visited.run(shop);
    await visited.open(`#/runs/${run}/db`);
    await row(page, 'db', 'not ready').waitFor();
    place.file('boot', '');
    await page.reload();
    await row(page, 'db', 'ready').waitFor();
    const { port, running } = visited.serving;
    running.child.kill('SIGKILL');
    await page.getByText('Trying again').waitFor();
    place.file('go', '');
    visited.serving = await serve(place, { port });
    await badge(page, 'succeeded').waitFor();
    for (const name of ['one', 'two', 'three']) await row(page, name, 'succeeded').waitFor();
    assert.equal(await page.getByText('Trying again').count(), 0);
  });

  it('is not hidden by a mistake of the page, which is told as one', async () => {
    await using visited = await visit();
    const { page, place, mistakes } = visited;
    place.file('boot', '');
    place.file('go', '');
    const run = await visited.run(shop);
    const odd = 'data: {"type": "run.started", "seq": 0, "at": 0}\n\n';
    await page.route('**/events?*', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: odd }),
    );
    await visited.open(`#/runs/${run}`);
    await page.getByRole('heading', { name: 'This is a bug in Continuo' }).waitFor();
    assert.ok(mistakes.length > 0);
    mistakes.length = 0;
    await page.getByRole('link', { name: 'Continuo' }).click();
    await page.getByRole('list', { name: 'Runs' }).waitFor();
  });

  it('is reached by the name of the latest, and told when there is none of that name', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    place.file('boot', '');
    place.file('go', '');
    const run = await visited.run(shop);
    await visited.open('#/runs/latest');
    await badge(page, 'succeeded').waitFor();
    assert.equal(new URL(page.url()).hash, `#/runs/${run}`);
    await visited.open('#/runs/latest/db?line=1');
    await page.waitForURL(({ hash }) => hash === `#/runs/${run}/db?line=1`);
    await visited.open('#/runs/nothing');
    await page.getByText("Nothing is known of 'nothing'").waitFor();
  });
});
