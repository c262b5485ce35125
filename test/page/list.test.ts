import assert from 'node:assert/strict';
import { it } from 'node:test';

import { writeRun } from '../rig/server.ts';
import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { ask, comesTo, load } from '../rig/server-runs.ts';
import { goodStory, serviceDies } from '../rig/stories.ts';

import type { JournalRecord } from '../../src/event/event.ts';
import type { Place } from '../rig/cli.ts';

/** So many runs of long ago, one after the other. */
async function writeRuns(place: Place, count: number, records: readonly JournalRecord[]) {
  for (let nth = 0; nth < count; nth++) {
    const second = String(nth % 60).padStart(2, '0');
    const minute = String(Math.floor(nth / 60)).padStart(2, '0');
    await writeRun(place.stateDir, `20251121-10${minute}${second}-4k3f9`, records);
  }
}

const named = (name: string, [first, ...rest]: readonly JournalRecord[]): JournalRecord[] => {
  assert.ok(first?.type === 'run.started');
  return [{ ...first, plan: { ...first.plan, name } }, ...rest];
};

browserSuite('the list of runs', () => {
  it('says how to have a run where there is none, and shows one that begins, without a reload', async () => {
    await using visited = await visit();
    const { page } = visited;
    await page.getByText('continuo exec pipeline.yaml').waitFor();
    await shoot(page, 'list-empty');
    await assertAccessible(page);
    await visited.run(
      `version: 2.1\npipeline: [{step: {name: a, commands: ['exec sleep 1000']}}]\n`,
    );
    await page.getByRole('list', { name: 'Runs' }).getByText('running').waitFor();
  });

  it('is filtered by name and outcome, remembers that, and shows more', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRuns(place, 60, goodStory().records);
    await writeRun(place.stateDir, '20251121-110000-4k3f9', named('<b>&"', serviceDies().records));
    const rows = page.getByRole('list', { name: 'Runs' }).getByRole('listitem');
    await page.getByRole('button', { name: 'Show more runs' }).waitFor();
    assert.equal(await rows.count(), 50);
    await shoot(page, 'list');
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Show more runs' }).click();
    await rows.nth(60).waitFor();
    await page.getByLabel('Outcome').selectOption('failed');
    await page.getByText('<b>&"').waitFor();
    await rows.nth(1).waitFor({ state: 'detached' });
    await page.getByLabel('Name').fill('HOP');
    await page.getByText('No run is like that.').waitFor();
    await page.getByLabel('Outcome').selectOption('any');
    await rows.nth(3).waitFor();
    await rows.first().click();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await page.goBack();
    await rows.nth(3).waitFor();
    assert.equal(await page.getByLabel('Name').inputValue(), 'HOP');
  });

  it('tells which runs are loaded, and what they begin after', async () => {
    await using visited = await visit();
    const { page, serving } = visited;
    const text = `version: 2.1\npipeline: [{step: {name: a, commands: ['true']}}]\n`;
    const first = await load(serving, { text, name: 'first', load: true });
    const second = await load(serving, { text, name: 'second', after: first.id });
    const rows = page.getByRole('list', { name: 'Runs' }).getByRole('listitem');
    await rows.filter({ hasText: `second begins after ${first.id}` }).waitFor();
    assert.equal(await rows.filter({ hasText: 'loaded' }).count(), 2);
    await shoot(page, 'list-loaded');
    await page.getByLabel('Outcome').selectOption('loaded');
    await rows.nth(1).waitFor();
    await assertAccessible(page);
    await rows.filter({ hasText: 'second' }).click();
    await page.getByRole('link', { name: first.id }).waitFor();
    await shoot(page, 'run-loaded');
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Begin now' }).click();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await comesTo(serving, second.id, ({ outcome }) => outcome === 'succeeded');
    assert.equal(await ask(serving, first.id, { do: 'kill' }), '200');
    await comesTo(serving, first.id, ({ outcome }) => outcome === 'cancelled');
  });

  it('fits a phone, in both colours, and keeps the one that was chosen', async () => {
    await using visited = await visit({ viewport: { width: 375, height: 700 } });
    const { page, place } = visited;
    await writeRuns(place, 3, goodStory().records);
    await page.getByRole('list', { name: 'Runs' }).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 375);
    await shoot(page, 'list-phone');
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await ground();
    await page.getByLabel('Colours').selectOption('dark');
    const dark = await ground();
    assert.notEqual(dark, light);
    await page.reload();
    await page.getByRole('list', { name: 'Runs' }).waitFor();
    assert.equal(await ground(), dark);
    await shoot(page, 'list-phone-dark');
  });

  it('is walked through with the keyboard alone', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRuns(place, 1, goodStory().records);
    await page.getByRole('list', { name: 'Runs' }).waitFor();
    await page.getByLabel('Outcome').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'main');
  });
});
