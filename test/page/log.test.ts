import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { linesSeen, logLines, untilIn, untilLineSeen, untilSeen } from '../rig/log-page.ts';
import { writeRun } from '../rig/server.ts';
import { serve } from '../rig/serving.ts';
import { Story, plan, service, step } from '../rig/story.ts';

const id = '20261121-223012-4k3f9';
const million = 1_000_000;

/** A step that prints so many lines; every hundred thousandth is a needle. */
function longStory(count: number): Story {
  const story = new Story(plan('shop', service('db'), step('build')))
    .tell({ type: 'step.started', step: 'build', attempt: 1 })
    .at(1_234);
  const batch = 10_000;
  for (let first = 1; first <= count; first += batch) {
    const lines = Array.from({ length: Math.min(batch, count - first + 1) }, (_, index) => {
      const n = first + index;
      return n % 100_000 === 0 ? `needle ${n}\n` : `this is line ${n}\n`;
    });
    story.says('build', lines.join(''));
  }
  return story
    .tell({ type: 'step.ended', step: 'build', outcome: 'succeeded' })
    .tell({ type: 'run.ended', outcome: 'succeeded' });
}

browserSuite('the log of the page', () => {
  it('is there once its run has been read', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, longStory(3).records);
    const problem = { title: 'Nothing is known of the steps of this run' };
    await page.route(
      '**/logs/lines?*',
      (route) =>
        route.fulfill({ status: 409, contentType: 'application/problem+json', json: problem }),
      { times: 1 },
    );
    await visited.open(`#/runs/${id}/build`);
    await page.getByText(problem.title).waitFor();
    await untilSeen(page, 'this is line 3');
    assert.equal(await page.getByText(problem.title).count(), 0);
  });

  it('goes through a million lines: by scrollbar, wheel and keys, to a line, by a search', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, longStory(million).records);
    await visited.open(`#/runs/${id}/build`);
    await untilSeen(page, 'this is line 1');
    await page.getByText('1,000,000 lines').waitFor();
    assert.ok((await page.locator('.log-line').count()) < 150);

    // The middle, by the scrollbar; then a little on, by the wheel.
    await page.evaluate(`{
      const box = document.querySelector('.log-lines');
      box.scrollTop = (box.scrollHeight - box.clientHeight) / 2;
    }`);
    await untilLineSeen(page, 499_000, 501_000);
    const middle = (await linesSeen(page))[0]!.n;
    await untilSeen(page, `this is line ${middle}`);
    await logLines(page).hover();
    await page.mouse.wheel(0, 100);
    await untilIn(page, `document.querySelector('.log-line[data-line="${middle - 21}"]') === null`);
    const moved = (await linesSeen(page))[0]!.n - middle;
    assert.ok(moved >= 4 && moved <= 6, `${moved} lines by a wheel of five`);

    await logLines(page).focus();
    await page.keyboard.press('End');
    await untilSeen(page, 'needle 1000000');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowUp');
    await untilSeen(page, 'this is line 999950');
    await page.keyboard.press('Home');
    await untilSeen(page, 'this is line 1');

    await page.getByLabel('Line', { exact: true }).fill('654321');
    await page.keyboard.press('Enter');
    await untilSeen(page, 'this is line 654321');
    assert.match(page.url(), /build\?line=654321$/);

    await logLines(page).focus();
    await page.keyboard.press('/');
    await page.keyboard.type('Needle');
    await page.getByText('7 of 10 lines').waitFor();
    await untilSeen(page, 'needle 700000');
    await page.keyboard.press('Shift+Enter');
    await page.getByText('6 of 10 lines').waitFor();
    await untilSeen(page, 'needle 600000');
    for (let times = 0; times < 5; times++) await page.keyboard.press('Enter');
    await page.getByText('1 of 10 lines').waitFor();
    await untilSeen(page, 'needle 100000');
    assert.equal(await page.locator('.log-line mark').count(), 1);
    await shoot(page, 'log-search');
    await page.getByRole('checkbox', { name: 'Aa' }).check();
    await page.getByText('No line has it').waitFor();
  });

  it('links to a line: a reload comes back to it', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, longStory(20_000).records);
    await visited.open(`#/runs/${id}/build?line=10001`);
    await untilSeen(page, 'this is line 10001');
    await page.getByRole('link', { name: 'Line 10005', exact: true }).click();
    await page.waitForURL(/line=10005$/);
    await page.locator('.log-line.marked[data-line="10005"]').waitFor();
    await page.reload();
    await untilSeen(page, 'this is line 10005');
    await page
      .getByRole('link', { name: 'Line 10007', exact: true })
      .click({ modifiers: ['Shift'] });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy lines 10005–10007' }).click();
    await page.getByText('Copied 3 lines').waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    assert.equal(copied, 'this is line 10005\nthis is line 10006\nthis is line 10007\n');
    await page.goBack();
    await page.waitForURL(/line=10001$/);
    await page.locator('.log-line.marked[data-line="10001"]').waitFor();
  });

  it('says that the server does not answer, and goes on when it does', async () => {
    await using visited = await visit();
    const { page, place, serving } = visited;
    await writeRun(place.stateDir, id, longStory(20_000).records);
    await visited.open(`#/runs/${id}/build`);
    await untilSeen(page, 'this is line 1');
    serving.running.child.kill('SIGKILL');
    await serving.running.told;
    await logLines(page).focus();
    await page.keyboard.press('End');
    await untilLineSeen(page, 20_000);
    await page.getByText('The server does not answer.').first().waitFor();
    visited.serving = await serve(place, { port: serving.port });
    await untilSeen(page, 'this is line 20000');
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' });
  });

  it('shows colours, times, and what was said on standard error; and of all tasks who said it', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    const esc = '\x1b[';
    const ground = Array.from({ length: 16 }, (_, n) => `${esc}${n < 8 ? 40 + n : 92 + n}m ${n} `);
    const ink = Array.from({ length: 16 }, (_, n) => `${esc}${n < 8 ? 30 + n : 82 + n}m ${n} `);
    const story = new Story(plan('shop', service('db'), step('build')))
      .says(
        'build',
        `plain ${esc}1;31mbold red${esc}0m ${esc}4;3mlined${esc}0m ${esc}7mturned${esc}0m\n`,
      )
      .says('build', `${esc}32mgreen begins\nand goes on${esc}0m\n`)
      .says('build', `${ink.join('')}${esc}0m\n${ground.join('')}${esc}0m\n`)
      .says('build', `${esc}38;5;208mby number${esc}0m ${esc}38;2;10;120;200mexact${esc}0m\n`)
      .at(2_500)
      .says('build', 'careful\n', 'stderr')
      .says('db', `it's up\n`)
      .says('build', `${'long '.repeat(100)}\n`)
      .tell({ type: 'run.ended', outcome: 'succeeded' });
    await writeRun(place.stateDir, id, story.records);
    await visited.open(`#/runs/${id}/build`);
    const piece = (text: string) => page.locator('.log-text').getByText(text, { exact: true });
    await untilSeen(page, 'careful');
    assert.equal(await piece('bold red').getAttribute('class'), 'bold ink-1');
    assert.equal(await piece('and goes on').getAttribute('class'), 'ink-2');
    assert.equal(await piece('exact').getAttribute('class'), 'ink-any alone');
    assert.equal(await piece('by number').getAttribute('class'), 'ink-any alone');
    await page.getByRole('link', { name: 'Line 7, standard error' }).waitFor();
    await page.getByRole('checkbox', { name: 'Times' }).check();
    const at = await page.locator('[data-line="7"] time').getAttribute('datetime');
    assert.equal(at, '2026-11-21T22:30:14.500Z');
    await shoot(page, 'log-colours');
    await assertAccessible(page);
    await shoot(page, 'log-colours-dark');
    // On a phone only the lines themselves are scrolled to the side.
    await page.setViewportSize({ width: 375, height: 800 });
    await untilIn(page, 'document.documentElement.scrollWidth <= 375');
    await shoot(page, 'log-phone');
    await page.setViewportSize({ width: 1_280, height: 900 });
    // Long lines are not wrapped: one scrolls to the side.
    const hidden = await page.evaluate<number>(`{
      const box = document.querySelector('.log-lines');
      box.scrollWidth - box.clientWidth;
    }`);
    assert.ok(hidden > 100, `${hidden}`);
    await visited.open(`#/runs/${id}`);
    await page.locator('.log-line').filter({ hasText: `it's up` }).locator('.log-task').waitFor();
  });

  it('follows what is printed, leaves it when one scrolls up, and comes back by End', async () => {
    await using visited = await visit();
    const { page } = visited;
    const run = await visited.run(`version: 2.1
pipeline:
  - step:
      name: talk
      commands:
        - i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo "early $i"; done
        - while [ ! -e go ]; do sleep 0.05; done
        - i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo "late $i"; done
        - while [ ! -e on ]; do sleep 0.05; done
        - echo the last one
`);
    await visited.open(`#/runs/${run}/talk`);
    await untilSeen(page, 'early 200');
    const follow = page.getByRole('button', { name: 'Follow' });
    assert.equal(await follow.getAttribute('aria-pressed'), 'true');
    await logLines(page).hover();
    await page.mouse.wheel(0, -1_000);
    await page.locator('[aria-pressed="false"]').waitFor();
    writeFileSync(join(visited.place.dir, 'go'), '');
    await page.getByText(/^40\d lines$/).waitFor();
    assert.equal(await follow.getAttribute('aria-pressed'), 'false');
    await logLines(page).focus();
    await page.keyboard.press('End');
    await untilSeen(page, 'late 200');
    assert.equal(await follow.getAttribute('aria-pressed'), 'true');
    writeFileSync(join(visited.place.dir, 'on'), '');
    await untilSeen(page, 'the last one');
    await page.getByRole('button', { name: 'To the end' }).waitFor();
    await shoot(page, 'log-follow');
  });
});
