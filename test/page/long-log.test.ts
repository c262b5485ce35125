import assert from 'node:assert/strict';
import { it } from 'node:test';

import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { linesOnceThere, linesSeen, logLines, untilLineSeen, untilSeen } from '../rig/log-page.ts';
import { writeRun } from '../rig/server.ts';
import { Story, plan, step } from '../rig/story.ts';

import type { Page } from 'playwright-core';

const id = '20261121-223012-4k3f9';
const tenMillion = 10_000_000;

/** A step that prints ten million lines, each of which has its number and the same word. */
function tenMillionLines(): Story {
  const story = new Story(plan('long', step('build')));
  const batch = 20_000;
  for (let first = 1; first <= tenMillion; first += batch) {
    let text = '';
    for (let n = first; n < first + batch; n++) text += `line ${n}\n`;
    story.says('build', text);
  }
  return story.tell({ type: 'run.ended', outcome: 'succeeded' });
}

/** How many elements the log has. */
const elements = (page: Page): Promise<number> =>
  page.evaluate<number>(`document.querySelectorAll('.log *').length`);

/** More than are seen and some around them are never there. */
const mostElements = 500;

browserSuite('a log of ten million lines', () => {
  it('is opened at a line in its middle, and gone through to both ends with the right lines, few of them at a time', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, tenMillionLines().records);
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/logs/lines')) asked++;
    });
    await visited.open(`#/runs/${id}/build?line=5000001`);
    await untilSeen(page, 'line 5000001');
    await page.getByText('10,000,000 lines').waitFor();
    // The first block, and the one before it or after it.
    assert.ok(asked <= 3, `${asked} requests to open it`);
    assert.ok((await elements(page)) < mostElements);

    await logLines(page).focus();
    await page.keyboard.press('Home');
    await untilSeen(page, 'line 1');
    await page.keyboard.press('End');
    await untilSeen(page, 'line 10000000');
    for (const [share, about] of [
      [0.25, 2_500_000],
      [0.5, 5_000_000],
      [0.75, 7_500_000],
    ] as const) {
      await page.evaluate(`{
        const box = document.querySelector('.log-lines');
        box.scrollTop = ${share} * (box.scrollHeight - box.clientHeight);
      }`);
      await untilLineSeen(page, about - 3_000, about + 3_000);
      const [first] = await linesSeen(page);
      await untilSeen(page, `line ${first!.n}`);
    }
    asked = 0;
    await logLines(page).hover();
    let most = 0;
    for (let turn = 0; turn < 60; turn++) {
      await page.mouse.wheel(0, 400);
      most = Math.max(most, await elements(page));
    }
    assert.ok(most < mostElements, `${most} elements`);
    const seen = await linesOnceThere(page);
    assert.deepEqual(
      seen.map(({ text }) => text),
      seen.map(({ n }) => `line ${n}`),
    );
    // 60 turns of 20 lines are 1,200 lines, of which 200 come at a time.
    assert.ok(asked <= 20, `${asked} requests for 1,200 lines`);
    await shoot(page, 'log-ten-million');
  });

  it('is searched for a word in each of its lines without counting them, and for one in its last', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, tenMillionLines().records);
    await visited.open(`#/runs/${id}/build?line=5000001`);
    await untilSeen(page, 'line 5000001');
    await logLines(page).focus();
    await page.keyboard.press('/');
    await page.keyboard.type('LINE');
    await page.getByText('more than 10,000 lines').waitFor();
    const [line] = await linesSeen(page);
    assert.ok(line!.n > 4_999_000 && line!.n < 5_001_000, `${line!.n}`);
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('10000000');
    await page.getByText('1 of 1 line', { exact: true }).waitFor();
    await untilSeen(page, 'line 10000000');
  });
});
