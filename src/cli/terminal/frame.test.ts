import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { imagesArrive, serviceDies } from '../../../test/rig/stories.ts';
import { Story, group, plan, service, step, storyStart } from '../../../test/rig/story.ts';
import { foldEvent } from '../../event/fold-event.ts';
import { openView } from '../../event/view.ts';
import { widthOf } from '../../report/width.ts';
import { frame } from './frame.ts';

import type { RunEvent } from '../../event/event.ts';
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

  it('says how far the images are that are being pulled, and who waits for one', () => {
    const at = (ms: number): string[] =>
      frame(viewAt(imagesArrive(), ms), new Map(), storyStart + ms, canvas);
    assert.deepEqual(at(0), [
      'shop · 0.0 s · run 20261121-223012-k3f9',
      '◌ pulling redis:7               0.0 s',
      '◌ pulling ghcr.io/acme/node:24  0.0 s',
      '◌ db          waiting for its image (0.0 s)',
      '◌ lint        waiting for db (0.0 s)',
      '· unit-tests',
    ]);
    assert.deepEqual(at(3_500).slice(1, 4), [
      '◌ pulling redis:7               12.4/38.1 MB  2/6 layers  3.5 s',
      '◌ pulling ghcr.io/acme/node:24  again in 0.5 s: it could not be pulled from gh…',
      '◌ db          waiting for its image (3.5 s)',
    ]);
    assert.deepEqual(at(4_500).slice(1), [
      '◌ pulling ghcr.io/acme/node:24  300.0/812.0 kB  3/6 layers  4.5 s',
      '● db          ready · 0.5 s · db:6379 · 172.18.0.2:6379',
      '◌ lint        waiting for its image (0.5 s)',
      '· unit-tests',
    ]);
    assert.equal(
      at(5_000).some((line) => line.includes('pulling')),
      false,
    );
  });

  it('counts the images for which there is no room', () => {
    const story = new Story(plan('p', step('a')));
    for (let n = 1; n <= 9; n++)
      story.tell({
        type: 'image.progress',
        progress: {
          ...{ kind: 'pulling', image: `i:${n}` },
          ...{ doneBytes: 0, totalBytes: 0, doneLayers: 0, totalLayers: 0 },
        },
      });
    assert.deepEqual(frame(story.view(), new Map(), storyStart, { ...canvas, rows: 10 }).slice(1), [
      '◌ pulling i:1  0.0 s',
      '◌ pulling i:2  0.0 s',
      '… pulling 7 more',
      '· a',
    ]);
  });

  it('pulls no more for a run that was cancelled or has failed', () => {
    const told = (event: RunEvent): string[] => {
      const story = imagesArrive();
      story.records.splice(6);
      return frame(story.tell(event).view(), new Map(), storyStart, canvas);
    };
    const end = { kind: 'lost', detail: 'x' } as const;
    const over: readonly RunEvent[] = [
      { type: 'run.cancelling', by: 'INT', forced: false },
      { type: 'step.ended', step: 'lint', outcome: 'failed' },
      { type: 'service.ended', service: 'db', end, verdict: 'fail' },
    ];
    for (const event of over)
      assert.ok(!told(event).some((line) => line.includes('pulling')), event.type);
    const goesOn: RunEvent = { type: 'service.ended', service: 'db', end, verdict: 'ignore' };
    assert.ok(told(goesOn).some((line) => line.includes('pulling')));
  });

  it('fits on every canvas', () => {
    for (const ms of [0, 3_000])
      for (const columns of [19, 40, 79])
        for (const rows of [1, 2, 3, 4, 50]) {
          const size = { ...canvas, columns, rows };
          const lines = frame(viewAt(imagesArrive(), ms), new Map(), storyStart + ms, size);
          assert.ok(lines.length <= rows, `${ms} ms, ${rows} rows`);
          for (const line of lines) assert.ok(widthOf(line) <= columns, line);
        }
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
