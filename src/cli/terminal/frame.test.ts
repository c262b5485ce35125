import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { serviceDies } from '../../../test/rig/stories.ts';
import { Story, group, plan, service, step, storyStart } from '../../../test/rig/story.ts';
import { foldEvent, openView } from '../../event/view.ts';
import { widthOf } from '../../report/width.ts';
import { frame } from './frame.ts';

import type { RunView } from '../../event/view.ts';
import type { Canvas } from './frame.ts';

const canvas: Canvas = { columns: 79, rows: 23, color: false, unicode: true };
const tails = new Map([
  ['db', { lines: () => ['database system is starting'] }],
  ['build', { lines: () => ['compiling a.ts', 'compiling\tb.ts'] }],
]);

/** The story as far as it has come so many milliseconds after its start. */
function viewAt(story: Story, ms: number): RunView {
  const [first, ...rest] = story.records;
  assert.ok(first?.type === 'run.started');
  const view = openView(first);
  for (const record of rest)
    if (record.type !== 'output' && record.at <= storyStart + ms) foldEvent(view, record);
  return view;
}

const pictureAt = (ms: number, size: Partial<Canvas> = {}): string[] =>
  frame(viewAt(serviceDies(), ms), tails, storyStart + ms, { ...canvas, ...size });

describe('a frame', () => {
  it('says for whom it waits, since when, and what was answered', () => {
    assert.deepEqual(pictureAt(1_500), [
      'shop · 1.5 s · run 20261121-223012-k3f9',
      '◌ db               not ready for 1.5 s, tcp localhost:5432: connection refused…',
      '  │ database system is starting',
      '◌ api              waiting for db (1.5 s)',
      '◌ build            waiting for db and api (1.5 s)',
      '· checks',
      '  · unit-tests',
      '  · browser-tests',
      '· deploy',
    ]);
  });

  it('shows the last lines of what runs', () => {
    assert.deepEqual(pictureAt(4_000), [
      'shop · 4.0 s · run 20261121-223012-k3f9',
      '● db               ready · 1.6 s · localhost:5432',
      '● api              ready · 1.0 s',
      '▶ build            1.0 s',
      '  │ compiling a.ts',
      '  │ compiling       b.ts',
      '· checks',
      '  · unit-tests',
      '  · browser-tests',
      '· deploy',
    ]);
  });

  it('shows what went wrong and what is being stopped', () => {
    assert.deepEqual(pictureAt(9_300), [
      'shop · 9.3 s · run 20261121-223012-k3f9',
      '◌ db               stopping (0.1 s)',
      '✗ api              died with exit code 1 after 6.7 s, 6.7 s',
      '✓ build            succeeded, 3.0 s',
      '○ checks           cancelled, 3.2 s',
      '  ✓ unit-tests     succeeded, 2.0 s',
      '  ○ browser-tests  was cancelled, 1.2 s',
      '○ deploy           skipped',
    ]);
  });

  it('keeps what runs when there is little room', () => {
    assert.deepEqual(pictureAt(4_000, { columns: 39, rows: 6 }), [
      'shop · 4.0 s · run 20261121-223012-k3f9',
      '● db               ready · 1.6 s · loc…',
      '● api              ready · 1.0 s',
      '▶ build            1.0 s',
      '  │ compiling       b.ts',
      '… 3 to come',
    ]);
    assert.deepEqual(pictureAt(4_000, { columns: 19, rows: 4 }), [
      'shop · 4.0 s · run…',
      '▶ build     1.0 s',
      '  │ compiling     …',
      '… 2 ready, 3 to co…',
    ]);
  });

  it('fits on every canvas', () => {
    for (const ms of [0, 15, 1_500, 4_000, 6_500, 9_150, 9_600])
      for (const columns of [19, 30, 40, 79, 200])
        for (const rows of [1, 2, 3, 4, 9, 50])
          for (const color of [false, true]) {
            const lines = pictureAt(ms, { columns, rows, color });
            assert.ok(lines.length <= rows, `${ms} ms, ${rows} rows`);
            for (const line of lines) assert.ok(widthOf(line) <= columns, line);
          }
  });

  it('finds the running step in a long list', () => {
    const names = Array.from({ length: 60 }, (_, n) => `step-${n}`);
    const story = new Story(plan('long', ...names.map(step)));
    for (const name of names.slice(0, 30))
      story
        .tell({ type: 'step.started', step: name, attempt: 1 })
        .tell({ type: 'step.ended', step: name, outcome: 'succeeded' });
    story.tell({ type: 'step.started', step: 'step-30', attempt: 2 });
    const lines = frame(story.view(), new Map(), storyStart, { ...canvas, rows: 7 });
    assert.deepEqual(lines, [
      'long · 0.0 s · run 20261121-223012-k3f9',
      '✓ step-28  succeeded, 0 ms',
      '✓ step-29  succeeded, 0 ms',
      '▶ step-30  0.0 s, attempt 2',
      '· step-31',
      '· step-32',
      '… 28 done, 27 to come',
    ]);
  });

  it('measures wide names', () => {
    const story = new Story(plan('p', service('データ'), group('組', step('ab'))));
    story.tell({ type: 'service.ready', service: 'データ', afterMs: 1 });
    assert.deepEqual(frame(story.view(), new Map(), storyStart, canvas).slice(1), [
      '● データ  ready · 0.0 s',
      '· 組',
      '  · ab',
    ]);
  });

  it('says of a step that is tried again how it ended', () => {
    const end = { kind: 'timed-out', afterMs: 30_000 } as const;
    const story = new Story(plan('p', step('a')))
      .tell({ type: 'step.started', step: 'a', attempt: 1 })
      .tell({ type: 'step.retrying', step: 'a', attempt: 1, end, delayMs: 500 });
    assert.deepEqual(frame(story.view(), new Map(), storyStart, canvas).slice(1), [
      '◌ a     attempt 1 was stopped at its timeout of 30 s, trying again',
    ]);
  });

  it('obeys nothing that stands in a name', () => {
    const story = new Story(plan('p\x1b[2Jq\u009b5A', step('a')));
    const [header] = frame(story.view(), new Map(), storyStart, canvas);
    assert.equal(header, 'pq5A · 0.0 s · run 20261121-223012-k3f9');
  });

  it('says that the run is being cancelled', () => {
    const story = new Story(plan('p', step('a'))).tell({
      type: 'run.cancelling',
      by: 'INT',
      forced: false,
    });
    const [header] = frame(story.view(), new Map(), storyStart, canvas);
    assert.equal(header, 'p · 0.0 s · cancelled by INT · run 20261121-223012-k3f9');
  });
});
