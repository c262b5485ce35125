import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { asksForInputs, asksMuch, isApproved, isRejected } from '../../../test/rig/asking-story.ts';
import { MemoryPort } from '../../../test/rig/memory-port.ts';
import { storyStart } from '../../../test/rig/story.ts';
import { gatherFailure } from '../../report/failure.ts';
import { summaryLines } from '../../report/summary.ts';
import { frame } from './frame.ts';
import { jsonReporter } from './json-reporter.ts';
import { plainReporter } from './plain-reporter.ts';

import type { Reporter } from './reporter.ts';
import type { Story } from '../../../test/rig/story.ts';

const look = { color: false, unicode: true };

async function shown(story: Story, reporter: (port: MemoryPort) => Reporter): Promise<string[]> {
  const port = new MemoryPort({ columns: 100 });
  await reporter(port).run(story.read(), () => story.read());
  return port.text.split('\n');
}

describe('a run that asks', () => {
  it('is told line by line with what was asked, who answered, and what came of it', async () => {
    const lines = await shown(isRejected(), (port) => plainReporter(port, look));
    assert.deepEqual(lines.slice(3, 24), [
      'settle   ▸ started',
      'settle   ✓ succeeded in 10.0 s',
      'deploy   ▸ started',
      'deploy   ▸ asks: Deploy to live? There is no way back. (approve or reject, within 24 h 00 m)',
      'deploy   ▸ ann says approve; target: live',
      'deploy   ✓ succeeded in 1 m 00 s',
      'smoke    ▸ started',
      'smoke    │ no page',
      'smoke    ! asks: it failed with exit code 3: what shall be done? (retry, ignore, succeed, fail or abort, within 1 m 00 s)',
      'smoke    ▸ ann says succeed',
      'smoke    ! failed with exit code 3 after 10.0 s; it counts as succeeded',
      'lint     ▸ started',
      'lint     ✗ failed with exit code 3 after 1.0 s',
      'checks   ! asks: it failed with exit code 3: what shall be done? (retry, ignore, succeed, fail or abort)',
      'checks   ▸ bob says succeed',
      "checks   ! failed: step 'lint' failed with exit code 3; it counts as succeeded",
      'announce ▸ started',
      'announce ▸ asks: Tell everybody? (approve or reject)',
      'announce ▸ bob says reject; not on a Friday',
      'announce ✗ was rejected by bob: not on a Friday',
      'db       ▸ ended by itself after 1 m 30 s',
    ]);
  });

  it('is told of what it asks for before something starts, with what was given', async () => {
    const story = asksForInputs();
    const lines = await shown(story, (port) => plainReporter(port, look));
    assert.deepEqual(lines.slice(1, 6), [
      "       ▸ stage 'main': asks for region",
      "       ▸ stage 'main': ann gives region: north",
      'deploy ▸ asks for target, note',
      'deploy ▸ ann gives target: live',
      'deploy ▸ started',
    ]);
    const canvas = { ...look, columns: 60, rows: 20 };
    const until = story.records.findIndex((record) => record.type === 'step.started');
    story.records.splice(until - 1);
    assert.deepEqual(frame(story.view(), new Map(), storyStart + 5_000, canvas).slice(1), [
      '◌ deploy  it waits for what it is to be given (4.0 s)',
    ]);
  });

  it('is drawn with what it waits for, and with what a step said that failed', () => {
    const story = asksMuch();
    const canvas = { ...look, columns: 100, rows: 20 };
    const rows = frame(story.view(), new Map(), storyStart + 85_000, canvas);
    assert.deepEqual(rows.slice(1), [
      '● db        running · 1 m 25 s',
      '✓ settle    succeeded, 10.0 s',
      '✓ deploy    succeeded, 1 m 00 s',
      '✓ smoke     failed with exit code 3, counts as succeeded, 10.0 s',
      "✓ checks    failed: step 'lint' failed with exit code 3, counts as succeeded, 2.0 s",
      '  ✗ lint    failed with exit code 3, 1.0 s',
      '◌ announce  asks: Tell everybody? (approve or reject, 3.0 s)',
    ]);
  });

  it('shows the last words of a step while somebody decides what becomes of its failure', () => {
    const story = asksMuch();
    const until = story.records.findIndex(({ type }) => type === 'group.started');
    story.records.splice(
      story.records.findLastIndex(({ at }) => at === storyStart + 71_000) + 1,
      until,
    );
    const tails = new Map([['smoke', { lines: () => ['no page'] }]]);
    const rows = frame(story.view(), tails, storyStart + 75_000, {
      ...look,
      columns: 60,
      rows: 20,
    });
    assert.deepEqual(rows.slice(4, 6), [
      '◌ smoke     asks: it failed with exit code 3: what shall be…',
      '  │ no page',
    ]);
  });

  it('is summed up with who approved, who did not, and what only counts as succeeded', async () => {
    const page = { ...look, columns: 100 };
    assert.deepEqual(summaryLines(isApproved().view(), undefined, page).slice(1), [
      '  ✓ db        completed  1 m 30 s  service',
      '  ✓ settle    succeeded    10.0 s',
      '  ✓ deploy    succeeded  1 m 00 s  approved by ann',
      '  ✓ smoke     succeeded    10.0 s  exit code 3 · counts as succeeded',
      '  ✓ checks    succeeded     2.0 s  counts as succeeded',
      '    ✗ lint    failed        1.0 s  exit code 3',
      '  ✓ announce  succeeded     8.0 s  approved by bob',
      '',
      '  settle    ·······',
      '  deploy           ········································',
      '  smoke                                                    █████×',
      '  lint                                                           ×',
      '  announce                                                         ·····',
      '  db        ████████████████████████████████████████████████████████████',
      '            0 ───────────────────────────────────────────────── 1 m 30 s',
      '',
      "✓ succeeded after 1 m 30 s, although step 'smoke' failed and counts as succeeded and group 'checks' failed and counts as succeeded · run 20261121-223012-k3f9",
    ]);
    const rejected = isRejected();
    const failure = await gatherFailure(rejected.read(), rejected.view(), look);
    const lines = summaryLines(rejected.view(), failure, page);
    assert.deepEqual(lines.slice(2, 7), [
      "✗ step 'announce' was rejected by bob: not on a Friday",
      '',
      "  service 'db' said nothing meanwhile",
      '',
      "  step 'lint' failed, too",
    ]);
    assert.match(
      lines.at(-2) ?? '',
      /^✗ failed after 1 m 30 s: step 'announce' was rejected by bob/,
    );
  });

  it('is told to programs as it is', async () => {
    const lines = await shown(isApproved(), (port) => jsonReporter(port));
    const asked = lines.filter(Boolean).map((line) => JSON.parse(line) as { type: string });
    assert.deepEqual(
      asked.filter(({ type }) => /asked|answered/.test(type)).map(({ type }) => type),
      [
        'step.asked',
        'step.answered',
        'step.asked',
        'step.answered',
        'group.asked',
        'group.answered',
        'step.asked',
        'step.answered',
      ],
    );
  });
});
