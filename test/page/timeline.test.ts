import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { untilIn } from '../rig/log-page.ts';
import { writeRun } from '../rig/server.ts';
import { Story, group, plan, service, step } from '../rig/story.ts';

import type { Page } from 'playwright-core';

const died = { kind: 'died', exit: { kind: 'code', code: 3 }, afterMs: 30_000 } as const;
const id = '20261121-223012-4k3f9';

/** A database that starts again once, a queue that dies and takes the tests with it. */
const story = new Story(
  plan('shop', service('db'), service('queue', []), step('build'), group('checks', step('test'))),
)
  .tell({ type: 'service.starting', service: 'db', start: 1 })
  .tell({ type: 'service.starting', service: 'queue', start: 1 })
  .at(100)
  .tell({ type: 'service.running', service: 'db', label: 'pid 1' })
  .tell({ type: 'service.running', service: 'queue', label: 'pid 2' })
  .tell({ type: 'step.waiting', step: 'build', services: ['db'] })
  .at(4_000)
  .tell({ type: 'service.ready', service: 'db', afterMs: 4_000 })
  .tell({ type: 'step.started', step: 'build', attempt: 1 })
  .at(10_000)
  .tell({ type: 'service.restarting', service: 'db', end: died, nth: 1, times: 3, delayMs: 1 })
  .at(13_000)
  .tell({ type: 'service.starting', service: 'db', start: 2 })
  .at(16_000)
  .tell({ type: 'service.running', service: 'db', label: 'pid 3' })
  .tell({ type: 'service.ready', service: 'db', afterMs: 3_000 })
  .at(20_000)
  .tell({ type: 'step.ended', step: 'build', outcome: 'succeeded' })
  .tell({ type: 'group.started', group: 'checks' })
  .tell({ type: 'step.started', step: 'test', attempt: 1 })
  .at(30_000)
  .tell({ type: 'service.ended', service: 'queue', end: died, verdict: 'fail' })
  .tell({ type: 'service.stopping', service: 'db', signal: 'TERM', graceMs: 10_000 })
  .tell({ type: 'step.ended', step: 'test', outcome: 'cancelled', end: { kind: 'cancelled' } })
  .tell({ type: 'group.ended', group: 'checks', outcome: 'cancelled' })
  .at(34_000)
  .tell({
    type: 'service.ended',
    service: 'db',
    end: { kind: 'stopped', exit: { kind: 'code', code: 0 } },
  })
  .tell({ type: 'run.ended', outcome: 'failed' });

const labels = (page: Page): Promise<string[]> => page.locator('.timeline-tick').allTextContents();

/** The phases that are drawn in the line of something. */
const phases = async (page: Page, name: string): Promise<string[]> => {
  const row = page
    .locator('.timeline-row')
    .filter({ has: page.getByRole('button', { name: new RegExp(`^[a-z]+ ${name}:`) }) });
  const bars = await row.locator('.timeline-bar').all();
  const classes = await Promise.all(bars.map((bar) => bar.getAttribute('class')));
  return classes.map((found) => found?.split(' ')[1] ?? '');
};

/** Waits until the scale begins with something else. */
const untilMoved = (page: Page, from: string) =>
  untilIn(page, `document.querySelector('.timeline-tick').textContent !== ${JSON.stringify(from)}`);

browserSuite('the timeline of the page', () => {
  it('draws every phase of services below the steps that used them, and says it in words', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, story.records);
    await visited.open(`#/runs/${id}`);
    const db = page.getByRole('button', { name: /^service db:/ });
    await db.waitFor();
    const list = page.getByRole('list', { name: 'Steps and services' });
    const names = await list.locator('.timeline-called').allTextContents();
    assert.deepEqual(names, ['build', 'checks', 'test', 'db', 'queue']);
    assert.deepEqual(await phases(page, 'db'), [
      ...['starting', 'ready', 'restarting', 'starting', 'ready', 'stopping'],
    ]);
    assert.deepEqual(await phases(page, 'queue'), ['starting', 'running']);
    assert.deepEqual(await phases(page, 'build'), ['waiting', 'running']);
    assert.equal(await page.locator('.timeline-rows .timeline-break').count(), 2);
    const told = await db.getAttribute('aria-label');
    assert.match(
      told ?? '',
      /^service db: stopped · .*1 restart.*; starting from 0 ms to 4\.0 s; /,
    );
    assert.match(told ?? '', /broke at 10\.0 s$/);
    await db.hover();
    assert.equal(await page.locator('.timeline-told').textContent(), told);
    await shoot(page, 'timeline');
    await assertAccessible(page);
  });

  it('is gone through, zoomed and moved by keys', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, story.records);
    await visited.open(`#/runs/${id}`);
    await page.getByRole('button', { name: /^step build:/ }).focus();
    const all = await labels(page);
    assert.equal(all[0], '0');
    for (let times = 0; times < 4; times++) await page.keyboard.press('+');
    await untilMoved(page, '0');
    const near = await labels(page);
    assert.ok(
      near.length > 1 && near.map(parseFloat).every((at) => at > 13 && at < 21),
      near.join(),
    );
    await page.keyboard.press('ArrowRight');
    await untilMoved(page, near[0]!);
    await shoot(page, 'timeline-near');
    await page.keyboard.press('Home');
    assert.deepEqual(await labels(page), all);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const focused = page.locator('.timeline-rows button:focus');
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^step test: cancelled/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/test$/);
  });

  it('is zoomed where the pointer is by the wheel with Ctrl, and moved by dragging', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, story.records);
    await visited.open(`#/runs/${id}`);
    const all = page.getByRole('button', { name: 'All', exact: true });
    await all.waitFor();
    assert.ok(await all.isDisabled());
    const box = (await page.locator('.timeline-rows .timeline-track').first().boundingBox())!;
    await page.mouse.move(box.x + box.width - 5, box.y + 10);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -400);
    await page.keyboard.up('Control');
    await untilMoved(page, '0');
    const before = await labels(page);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 3, box.y + 10, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(box.x + 30, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 30, box.y + 10, { steps: 4 });
    await page.mouse.up();
    await untilMoved(page, before[0]!);
    assert.match(page.url(), new RegExp(`/runs/${id}$`), 'a drag is no click');
    await all.click();
    assert.equal((await labels(page))[0], '0');
  });

  it('is looked at closer by groups', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, story.records);
    await visited.open(`#/runs/${id}`);
    await page.getByRole('button', { name: /^group checks:/ }).click();
    await untilMoved(page, '0');
    const found = (await labels(page)).map(parseFloat);
    assert.ok(found.length > 1 && found.every((at) => at > 19 && at < 31), found.join());
    assert.match(page.url(), new RegExp(`/runs/${id}$`));
  });

  it('grows while a run goes on', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    const run = await visited.run(`version: 2.1
pipeline:
  - step:
      name: db
      background: true
      ready: {log: up}
      commands: ['while [ ! -e up ]; do sleep 0.05; done', echo up, sleep 1000]
  - step: {name: test, commands: ['while [ ! -e go ]; do sleep 0.05; done']}
`);
    await visited.open(`#/runs/${run}`);
    const label = (name: RegExp) => page.locator('.timeline-rows').getByRole('button', { name });
    await label(/^service db: running; starting from \d+ ms on$/).waitFor();
    await label(/^step test: waiting; waiting from \d+ ms on$/).waitFor();
    await label(/^step test: /).click();
    const last = (await labels(page)).at(-1)!;
    await untilIn(
      page,
      `[...document.querySelectorAll('.timeline-tick')].at(-1).textContent !== ${JSON.stringify(last)}`,
    );
    writeFileSync(join(place.dir, 'up'), '');
    await label(/^service db: ready .*; starting from .* to .*; ready from .* on$/).waitFor();
    await label(/^step test: running/).waitFor();
    await page.locator('.timeline-service .timeline-bar.ready.goes-on').waitFor();
    await shoot(page, 'timeline-live');
    writeFileSync(join(place.dir, 'go'), '');
    await label(/^service db: stopped .*; stopping from .* to /).waitFor();
    assert.equal(await page.locator('.timeline-rows .goes-on').count(), 0);
  });

  it('is a table as well', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    await writeRun(place.stateDir, id, story.records);
    await visited.open(`#/runs/${id}`);
    await page.getByRole('checkbox', { name: 'As a table' }).check();
    const row = page.getByRole('row', { name: /^queue/ });
    assert.match(
      (await row.textContent()) ?? '',
      /service.*died.*starting: 0 ms – 100 ms.*broke: 30\.0 s/,
    );
    await assertAccessible(page);
    await shoot(page, 'timeline-table');
    await row.getByRole('button').click();
    await page.waitForURL(/\/queue$/);
  });

  it('shows 500 steps without making all of them', async () => {
    await using visited = await visit();
    const { page, place } = visited;
    const names = Array.from({ length: 500 }, (_, index) => `step-${index}`);
    const long = new Story(plan('long', service('db'), ...names.map((name) => step(name))));
    for (const [index, name] of names.entries())
      long
        .at(index * 1_000)
        .tell({ type: 'step.started', step: name, attempt: 1 })
        .at(index * 1_000 + 900)
        .tell({ type: 'step.ended', step: name, outcome: 'succeeded' });
    long.tell({ type: 'run.ended', outcome: 'succeeded' });
    await writeRun(place.stateDir, id, long.records);
    await visited.open(`#/runs/${id}`);
    const rows = page.locator('.timeline-rows .timeline-row');
    await rows.first().waitFor();
    assert.ok((await rows.count()) < 60);
    await page.getByRole('button', { name: /^step step-0:/ }).focus();
    for (let pressed = 0; pressed < 60; pressed++) await page.keyboard.press('ArrowDown');
    await page
      .getByRole('button', { name: /^step step-60:/ })
      .and(page.locator(':focus'))
      .waitFor();
    await shoot(page, 'timeline-500');
  });
});
