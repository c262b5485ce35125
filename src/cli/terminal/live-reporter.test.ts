import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MemoryPort } from '../../../test/rig/memory-port.ts';
import { goodStory, stepFails } from '../../../test/rig/stories.ts';
import { Story, plan, step, storyStart } from '../../../test/rig/story.ts';
import { liveReporter } from './live-reporter.ts';

import type { Clock } from '../../base/clock.ts';
import type { JournalRecord } from '../../event/event.ts';

const look = { color: false, unicode: true };
const showCursor = '\x1b[?25h';

/** A clock that is a second later whenever it is asked, so that every record is drawn. */
function hastyClock(): Clock {
  let now = storyStart;
  return { now: () => (now += 1_000), sleep: () => Promise.resolve() };
}

describe('a live reporter', () => {
  it('draws while the run goes on, then leaves the summary in its place', async () => {
    const port = new MemoryPort({ isTTY: true });
    const story = stepFails();
    await liveReporter(port, look, hastyClock()).run(story.read(), () => story.read());
    const [drawn = '', left = ''] = port.text.split(showCursor);
    assert.match(drawn, /▶ browser-tests/);
    assert.match(drawn, /│ cart page: expected 200, got 500/);
    assert.match(left, /✗ step 'browser-tests' failed with exit code 1/);
    assert.match(left, /✗ failed after 9\.9 s/);
    assert.equal(port.resizeListeners.size, 0);
  });

  it('gives the cursor back when its records break off with an error', async () => {
    const port = new MemoryPort({ isTTY: true });
    async function* broken(): AsyncGenerator<JournalRecord> {
      yield* goodStory().records.slice(0, 5);
      await Promise.reject(new Error('unreadable'));
    }
    const reporter = liveReporter(port, look, hastyClock());
    await assert.rejects(reporter.run(broken(), broken), /unreadable/);
    assert.ok(port.text.endsWith(showCursor));
    assert.equal(port.resizeListeners.size, 0);
    assert.equal(port.atExitTexts.size, 0);
  });

  it('draws anew when the terminal changes its size', async () => {
    const port = new MemoryPort({ isTTY: true });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    async function* paused(): AsyncGenerator<JournalRecord> {
      yield* new Story(plan('p', step('a'))).records;
      await promise;
    }
    const stopped: Clock = { now: () => storyStart, sleep: () => Promise.resolve() };
    const showing = liveReporter(port, look, stopped).run(paused(), paused);
    while (!port.text.includes('· a')) await new Promise((turn) => setImmediate(turn));
    port.columns = 20;
    for (const listener of port.resizeListeners) listener();
    const redrawn = String(port.written.at(-1));
    resolve(undefined);
    await showing;
    assert.match(redrawn, /p · 0\.0 s · run 20…/);
  });
});
