import assert from 'node:assert/strict';
import { it } from 'node:test';

import { serviceDies } from '../../test/rig/stories.ts';
import { Story, plan, service, step } from '../../test/rig/story.ts';
import { timeline } from './timeline.ts';

const ascii = { color: false, unicode: false };

it('draws a bar for each step, and under them one for each service', () => {
  assert.deepEqual(timeline(serviceDies().view(), { color: false, unicode: true, columns: 60 }), [
    '  build          ·············██████████████',
    '  unit-tests                                █████████',
    '  browser-tests                                      █████',
    '  db             ░░░░░░░░░░░██████████████████████████████▒▒',
    '  api            ···········░░███████████████████████████×',
    '                 0 ─────────────────────────────────── 9.6 s',
  ]);
});

it('does so in ASCII', () => {
  assert.deepEqual(timeline(serviceDies().view(), { ...ascii, columns: 60 }), [
    '  build          .............##############',
    '  unit-tests                                #########',
    '  browser-tests                                      #####',
    '  db             -----------==============================~~',
    '  api            ...........--===========================x',
    '                 0 ----------------------------------- 9.6 s',
  ]);
});

it('never grows wider than it may', () => {
  for (let columns = 20; columns < 120; columns++)
    for (const row of timeline(serviceDies().view(), { ...ascii, columns }))
      assert.ok(row.length <= columns, `${columns}: ${row}`);
});

it('shows what took no time as one cell', () => {
  const story = new Story(plan('p', step('a'), step('b')))
    .tell({ type: 'step.started', step: 'a', attempt: 1 })
    .at(1)
    .tell({ type: 'step.ended', step: 'a', outcome: 'succeeded' })
    .tell({ type: 'step.started', step: 'b', attempt: 1 })
    .at(60_000)
    .tell({ type: 'step.ended', step: 'b', outcome: 'failed' })
    .tell({ type: 'run.ended', outcome: 'failed' });
  assert.deepEqual(timeline(story.view(), { ...ascii, columns: 25 }), [
    '  a  #',
    '  b  ###################x',
    '     0 --------- 1 m 00 s',
  ]);
});

it('shows each life of a service that was restarted', () => {
  const died = { kind: 'died', exit: { kind: 'code', code: 1 }, afterMs: 1 } as const;
  const stopped = { kind: 'stopped', exit: { kind: 'code', code: 0 } } as const;
  const restart = { nth: 1, times: 3, delayMs: 2_000 };
  const story = new Story(plan('p', service('db'), step('a')))
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .at(2_000)
    .tell({ type: 'service.ready', service: 'db', afterMs: 2_000 })
    .tell({ type: 'step.started', step: 'a', attempt: 1 })
    .at(5_000)
    .tell({ type: 'service.restarting', service: 'db', end: died, ...restart })
    .at(7_000)
    .tell({ type: 'service.starting', service: 'db', start: 2 })
    .at(8_000)
    .tell({ type: 'service.ready', service: 'db', afterMs: 1_000 })
    .at(10_000)
    .tell({ type: 'step.ended', step: 'a', outcome: 'succeeded' })
    .tell({ type: 'service.ended', service: 'db', end: stopped })
    .tell({ type: 'run.ended', outcome: 'succeeded' });
  assert.deepEqual(
    timeline(story.view(), { ...ascii, columns: 26 }),
    ['  a       ################', '  db  ----======....--====', '      0 ----------- 10.0 s'].map(
      (row) => row,
    ),
  );
});

it('is empty when there is nothing to compare', () => {
  assert.deepEqual(timeline(new Story(plan('p', step('a'))).view(), { ...ascii, columns: 80 }), []);
});

it('shows a service without a check as relied on from the moment it runs', () => {
  const story = new Story(plan('p', service('db', []), step('a')))
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .at(1_000)
    .tell({ type: 'service.running', service: 'db', label: 'pid 1' })
    .tell({ type: 'step.started', step: 'a', attempt: 1 })
    .at(5_000)
    .tell({ type: 'step.ended', step: 'a', outcome: 'succeeded' })
    .tell({ type: 'run.ended', outcome: 'succeeded' });
  const rows = timeline(story.view(), { ...ascii, columns: 26 });
  assert.equal(rows[1], '  db  ----================');
});
