import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import type { Locator, Page } from 'playwright-core';

/** The lines of the log that the page shows. */
export const logLines = (page: Page): Locator =>
  page.getByRole('region', { name: /^Lines of the log/ });

/** Waits until something holds in the page. The policy of the page lets it wait for no such text by itself. */
export async function untilIn(page: Page, what: string): Promise<void> {
  for (let tries = 0; !(await page.evaluate<boolean>(what)); tries++) {
    assert.ok(tries < 400, `never came true: ${what}`);
    await delay(50);
  }
}

// What runs in the page is given as text: here there are no types of a browser.
const seenLines = `(() => {
  const box = document.querySelector('.log-lines')?.getBoundingClientRect();
  return [...document.querySelectorAll('.log-line')]
    .filter((line) => {
      const { top, bottom } = line.getBoundingClientRect();
      return box && top >= box.top - 1 && bottom <= box.bottom + 1;
    })
    .map((line) => ({
      n: Number(line.dataset.line),
      text: line.querySelector('.log-text').textContent,
    }));
})()`;

/** The lines that are seen as a whole, within their box. */
export const linesSeen = (page: Page): Promise<{ n: number; text: string }[]> =>
  page.evaluate<{ n: number; text: string }[]>(seenLines);

/** The same once each of them has come: in place of one that is being fetched there are three dots. */
export async function linesOnceThere(page: Page): Promise<{ n: number; text: string }[]> {
  for (let tries = 0; tries < 400; tries++) {
    const seen = await linesSeen(page);
    if (seen.length > 0 && seen.every(({ text }) => text !== '…')) return seen;
    await delay(50);
  }
  return assert.fail('some lines never came');
}

/** Waits until a line with this text is seen. */
export async function untilSeen(page: Page, text: string): Promise<void> {
  await untilIn(page, `${seenLines}.some(({ text }) => text === ${JSON.stringify(text)})`);
}

/** Waits until this line is seen, whatever is in it. */
export async function untilLineSeen(page: Page, first: number, last = first): Promise<void> {
  await untilIn(page, `${seenLines}.some(({ n }) => n >= ${first} && n <= ${last})`);
}
