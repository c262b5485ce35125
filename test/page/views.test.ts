import assert from 'node:assert/strict';
import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { largeFailure, largeRun } from '../rig/large-stories.ts';
import { linesSeen, logLines, untilIn, untilSeen } from '../rig/log-page.ts';
import { assertFits, assertPressable } from '../rig/page-fit.ts';
import { writeRun } from '../rig/server.ts';
import { serve } from '../rig/serving.ts';

import type { Page } from 'playwright-core';
import type { Visit } from '../rig/browser.ts';

const failed = '20261121-223012-aaaaa';
const lost = '20261121-223013-bbbbb';
const live = '20261121-223014-ccccc';

/** Large runs: one that failed, one that was lost, and one that goes on as long as this test. */
async function writeLarge({ place: { stateDir } }: Visit): Promise<void> {
  await writeRun(stateDir, failed, largeFailure().records);
  await writeRun(stateDir, lost, largeRun(99_999_999).records);
  await writeRun(stateDir, live, largeRun(process.pid).records);
}

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** Opens a run, and waits until all of it is there. */
async function openRun(visited: Visit, hash: string): Promise<void> {
  await visited.open(hash);
  await visited.page.getByRole('heading', { name: 'Timeline' }).waitFor();
  await untilIn(visited.page, `document.querySelector('.log-text')?.textContent.length > 3`);
}

async function assertFit(page: Page, name: string): Promise<void> {
  await shoot(page, name);
  await assertFits(page);
  await assertPressable(page);
  await assertAccessible(page);
  await shoot(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
}

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `(({ ariaLabel, labels, textContent }) =>
      ariaLabel ?? labels?.[0]?.textContent ?? textContent)(document.activeElement)`,
  );

/** Presses Tab until something with these words is come to. */
async function tabTo(page: Page, words: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (words.test(now)) return;
    seen.push(now.slice(0, 30));
  }
  assert.fail(`never came to ${words}: ${seen.join(' | ')}`);
}

browserSuite('the page on a phone', () => {
  it('shows the list', async () => {
    await using visited = await visit(phone);
    const { page } = visited;
    await assertFit(page, 'phone-list-empty');
    await writeLarge(visited);
    await page.getByRole('list', { name: 'Runs' }).getByText('lost').waitFor();
    await assertFit(page, 'phone-list');
  });

  it('shows why a run failed, and what broke before what that broke', async () => {
    await using visited = await visit(phone);
    const { page } = visited;
    await writeLarge(visited);
    await openRun(visited, `#/runs/${failed}`);
    await page.getByRole('region', { name: 'Why it failed' }).waitFor();
    await assertFit(page, 'phone-failed');
    const [service, step] = await Promise.all(
      ['payments', 'chromium'].map((name) =>
        page.getByLabel(new RegExp(`^What .*${name}`)).boundingBox(),
      ),
    );
    assert.ok(service!.y < step!.y);
  });

  it('shows the timeline as a table, and all tests', async () => {
    await using visited = await visit(phone);
    const { page } = visited;
    await writeLarge(visited);
    await openRun(visited, `#/runs/${lost}/build`);
    await page.getByRole('checkbox', { name: 'As a table' }).check();
    await page.getByText('The others').tap();
    await assertFit(page, 'phone-table');
  });

  it('shows a run that goes on, what it asks before it kills, and its keys', async () => {
    await using visited = await visit(phone);
    const { page } = visited;
    await writeLarge(visited);
    await openRun(visited, `#/runs/${live}`);
    await page.getByRole('button', { name: 'Kill' }).tap();
    await page.getByRole('button', { name: 'Yes, end it' }).waitFor();
    await assertFit(page, 'phone-kill');
    await page.getByRole('button', { name: 'Keys' }).tap();
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await assertFit(page, 'phone-keys');
  });

  it('leads to the parts of a run, and is scrolled, folded and pressed by fingers', async () => {
    await using visited = await visit(phone);
    const { page } = visited;
    await writeLarge(visited);
    await openRun(visited, `#/runs/${live}`);
    await page.getByRole('group', { name: 'Go to' }).getByRole('button', { name: 'Log' }).tap();
    await untilIn(page, `document.getElementById('log').getBoundingClientRect().top < 300`);
    await page.getByRole('button', { name: 'Steps' }).tap();
    await untilIn(page, `document.getElementById('steps').getBoundingClientRect().top > -5`);
    const fold = page.getByRole('button', { name: /^unit tests/ });
    assert.equal(await fold.getAttribute('aria-expanded'), 'false');
    await fold.tap();
    await page.getByRole('link', { name: /^unit-tests-of-package-24/ }).tap();
    await untilSeen(page, 'package 24: ok');
    await untilIn(page, `document.querySelector('.log-lines').getBoundingClientRect().top < 740`);
    await page.locator('[data-number="1"]').tap();
    await page.waitForURL(/package-24\?line=1$/);
  });
});

browserSuite('the page by keyboard', () => {
  it('leads from the list to a step’s log, a search and back, without a mouse', async () => {
    await using visited = await visit();
    const { page } = visited;
    await writeLarge(visited);
    await page.getByRole('list', { name: 'Runs' }).getByText('failed').waitFor();
    await tabTo(page, /failed.*nightly/);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Why it failed' }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'main');
    await tabTo(page, /^. unit tests/);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /^unit-tests-of-package-3 / }).waitFor();
    await tabTo(page, /package-3 /);
    await page.keyboard.press('Enter');
    await untilSeen(page, 'package 3: ok');
    await page.waitForURL(/unit-tests-of-package-3$/);
    await tabTo(page, /^Lines of the log/);
    await page.keyboard.press('/');
    await page.keyboard.type('ok');
    await page.getByText('1 of 1 line').waitFor();
    await page.keyboard.press('Escape');
    await tabTo(page, /^Line /);
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await page.waitForURL(/package-3\?line=1$/);
  });

  it('tells its keys by ?, and gives the place back', async () => {
    await using visited = await visit();
    const { page } = visited;
    await writeLarge(visited);
    await openRun(visited, `#/runs/${failed}`);
    await logLines(page).focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('the next hit').waitFor();
    await assertAccessible(page);
    await shoot(page, 'keys');
    await page.keyboard.press('Escape');
    assert.match(await focused(page), /^Lines of the log/);
    await page.getByRole('searchbox', { name: 'Search the log' }).focus();
    await page.keyboard.press('?');
    assert.equal(await page.getByRole('dialog').count(), 0);
  });
});

browserSuite('the page of large runs', () => {
  for (const [name, hash] of [
    ['failed', `#/runs/${failed}/build`],
    ['was lost', `#/runs/${lost}`],
    ['goes on', `#/runs/${live}`],
  ] as const)
    it(`keeps nobody out of one that ${name}, in light and dark`, async () => {
      await using visited = await visit();
      const { page } = visited;
      await writeLarge(visited);
      await openRun(visited, hash);
      await shoot(page, `large-${name.replace(' ', '-')}`);
      await assertFits(page);
      await assertAccessible(page);
      await shoot(page, `large-${name.replace(' ', '-')}-dark`);
    });

  it('shows the line that a link leads to, however much is above it', async () => {
    await using visited = await visit();
    const { page } = visited;
    await writeLarge(visited);
    await openRun(visited, `#/runs/${failed}?line=100`);
    await page.getByRole('region', { name: 'Why it failed' }).waitFor();
    await untilIn(
      page,
      `(() => {
        const { top, bottom } = document.querySelector('.log-line.marked').getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      })()`,
    );
    assert.ok((await linesSeen(page)).some(({ n }) => n === 100));
  });

  it('says in the list that the server is away, and goes on by itself when it is back', async () => {
    await using visited = await visit();
    const { page, place, serving } = visited;
    await writeLarge(visited);
    await untilIn(page, `document.querySelectorAll('li').length === 3`);
    serving.running.child.kill('SIGKILL');
    await serving.running.told;
    await page.getByRole('status').getByText('The server does not answer.').waitFor();
    assert.equal(await page.getByRole('listitem').count(), 3);
    await shoot(page, 'list-server-away');
    visited.serving = await serve(place, { port: serving.port });
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' });
  });
});
