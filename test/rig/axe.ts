import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const program = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Fails where axe finds something that keeps people out: in what is shown now, in light and in dark. */
export async function assertAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await inspect(page);
    const serious = found.violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    const told = serious.map(({ id, help, nodes }) =>
      [
        `${id}: ${help} (${colorScheme})`,
        ...nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary ?? ''}`),
      ].join('\n'),
    );
    assert.deepEqual(told, []);
  }
}

async function inspect(page: Page): Promise<AxeResults> {
  // The policy of the page lets no foreign script in; the driver's own world is not bound by it.
  const isThere = await page.evaluate('"axe" in globalThis');
  if (isThere !== true) await page.evaluate(await readFile(program, 'utf8'));
  return page.evaluate<AxeResults>('axe.run(document)');
}
