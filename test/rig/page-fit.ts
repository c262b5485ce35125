import assert from 'node:assert/strict';

import type { Page } from 'playwright-core';

// What runs in the page is given as text: here there are no types of a browser.
const widest = (seen: number): string => `(() => {
  const wide = [...document.querySelectorAll('body *')].filter((one) => {
    const { right } = one.getBoundingClientRect();
    return right > ${seen} + 1 && !one.closest('.log-lines, pre, .timeline-table, .unseen');
  });
  return {
    width: document.documentElement.scrollWidth,
    wide: wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 200)),
  };
})()`;

/** Fails where the page as a whole is to be scrolled to the side. */
export async function assertFits(page: Page): Promise<void> {
  const seen = page.viewportSize()!.width;
  const { width, wide } = await page.evaluate<{ width: number; wide: string[] }>(widest(seen));
  assert.ok(width <= seen, `${width} px are more than ${seen}:\n${wide.join('\n')}`);
}

const small = `(() => {
  const asks = 'a[href], button, input, select, textarea, summary';
  return [...document.querySelectorAll(asks)]
    .filter((one) => !one.disabled && one.checkVisibility() && !one.closest('.unseen, .skip'))
    .map((one) => {
      // The words beside a box are a part of it.
      const box = one.closest('label') ?? one;
      const { width, height } = box.getBoundingClientRect();
      const isInText = getComputedStyle(one).display === 'inline' && one.closest('p');
      return { width, height, isInText, html: one.outerHTML.slice(0, 160) };
    })
    .filter(({ width, height, isInText }) => !isInText && (width < 24 || height < 24))
    .map(({ width, height, html }) => \`\${width} × \${height}: \${html}\`);
})()`;

/** Fails where something that is to be pressed is smaller than 24 px, save links within a sentence. */
export async function assertPressable(page: Page): Promise<void> {
  assert.deepEqual(await page.evaluate<string[]>(small), []);
}
