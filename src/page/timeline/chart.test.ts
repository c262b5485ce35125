import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as plans from '../../../test/rig/plans.ts';
import { goodStory } from '../../../test/rig/stories.ts';
import { Story, group, plan, service, step, storyStart } from '../../../test/rig/story.ts';
import { chartOf } from './chart.ts';
import { describeRow } from './row-words.ts';

import type { RunView } from '../../event/view.ts';
import type { Row } from './chart.ts';

const died = { kind: 'died', exit: { kind: 'code', code: 3 }, afterMs: 200 } as const;

/** A service that starts again once and then dies for good, below a step that relies on it. */
function brokenStory(): Story {
  return new Story(plan('shop', service('db'), step('test')))
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .at(10)
    .tell({ type: 'service.running', service: 'db', label: 'pid 1' })
    .tell({ type: 'step.waiting', step: 'test', services: ['db'] })
    .at(100)
    .tell({ type: 'service.ready', service: 'db', afterMs: 100 })
    .tell({ type: 'step.started', step: 'test', attempt: 1 })
    .at(300)
    .tell({ type: 'service.restarting', service: 'db', end: died, nth: 1, times: 1, delayMs: 200 })
    .at(500)
    .tell({ type: 'service.starting', service: 'db', start: 2 })
    .at(510)
    .tell({ type: 'service.running', service: 'db', label: 'pid 2' })
    .at(600)
    .tell({ type: 'service.ready', service: 'db', afterMs: 100 })
    .at(900)
    .tell({ type: 'service.ended', service: 'db', end: died, verdict: 'fail' });
}

const drawn = ({ bars }: Row): string[] =>
  bars.map(({ phase, from, to, goesOn }) => `${phase} ${from}-${goesOn ? '' : to}`);

const row = (view: RunView, id: string, now = 0): Row =>
  chartOf(view, storyStart + now).rows.find((one) => one.id === id)!;

describe('the chart of a run', () => {
  it('has steps in their order, and services under those that they played for', () => {
    const { rows, lengthMs } = chartOf(goodStory().view(), 0);
    assert.deepEqual(
      rows.map(({ name, depth }) => `${'  '.repeat(depth)}${name}`),
      ['build', 'checks', '  unit-tests', '  browser-tests', 'deploy', 'db', 'api'],
    );
    assert.ok(rows.every(({ bars }) => bars.every(({ to }) => to <= lengthMs)));
  });

  it('names stages where there are several', () => {
    const stages = ['one', 'two'].map((id) => ({
      ...plans.plan(step(`in-${id}`)).stages[0]!,
      ...{ id, name: id },
    }));
    const { rows } = chartOf(new Story({ name: 'p', stages }).view(), 0);
    assert.deepEqual(
      rows.map(({ kind, depth, id }) => [kind, depth, id]),
      [
        ['stage', 0, 'one'],
        ['step', 1, 'in-one'],
        ['stage', 0, 'two'],
        ['step', 1, 'in-two'],
      ],
    );
  });

  it('tells every phase of a service, every restart and where it broke', () => {
    const db = row(brokenStory().view(), 'db');
    assert.deepEqual(drawn(db), [
      'starting 0-100',
      'ready 100-300',
      'restarting 300-500',
      'starting 500-600',
      'ready 600-900',
    ]);
    assert.deepEqual(db.breaks, [300, 900]);
    assert.equal(
      describeRow(db),
      'service db: died · exit code 3 · 1 restart · ready after 100 ms; starting from 0 ms to 100 ms; ' +
        'ready from 100 ms to 300 ms; restarting from 300 ms to 500 ms; starting from 500 ms to 600 ms; ' +
        'ready from 600 ms to 900 ms; broke at 300 ms; broke at 900 ms',
    );
  });

  it('tells for how long a step waited, and grows while the run goes on', () => {
    const view = brokenStory().view();
    assert.deepEqual(drawn(row(view, 'test')), ['waiting 10-100', 'running 100-']);
    assert.equal(row(view, 'test', 5_000).bars[1]?.to, 5_000);
    assert.equal(chartOf(view, storyStart + 5_000).lengthMs, 5_000);
  });

  it('never ends before what is known, whatever a browser takes for the time', () => {
    const view = brokenStory().view();
    assert.equal(chartOf(view, storyStart - 3_600_000).lengthMs, 900);
    assert.equal(row(view, 'test', -3_600_000).bars[1]?.to, 900);
  });

  it('ends where a run was lost, and with it all that went on', () => {
    const view = brokenStory().view();
    view.endedAt = storyStart + 1_500;
    assert.deepEqual(drawn(row(view, 'test', 9_000)), ['waiting 10-100', 'running 100-1500']);
    assert.equal(row(view, 'test').words, 'lost while running');
    assert.equal(chartOf(view, storyStart + 9_000).lengthMs, 1_500);
  });

  it('calls a service without a check running, and one that is stopped stopping', () => {
    const view = new Story(plan('p', service('queue', []), step('a')))
      .tell({ type: 'service.starting', service: 'queue', start: 1 })
      .at(5)
      .tell({ type: 'service.running', service: 'queue', label: 'pid 1' })
      .at(20)
      .tell({ type: 'service.stopping', service: 'queue', signal: 'TERM', graceMs: 10 })
      .view();
    assert.deepEqual(drawn(row(view, 'queue')), ['starting 0-5', 'running 5-20', 'stopping 20-']);
    assert.deepEqual(drawn(row(view, 'a')), []);
    assert.equal(row(view, 'a').words, 'pending');
  });

  it('says that a person is waited for', () => {
    const view = new Story(plan('p', plans.approval('ship')))
      .tell({ type: 'step.started', step: 'ship', attempt: 1 })
      .at(40)
      .tell({
        type: 'step.asked',
        step: 'ship',
        message: 'Ship?',
        choices: ['approve', 'reject'],
        inputs: [],
      })
      .view();
    assert.deepEqual(drawn(row(view, 'ship')), ['asking 0-40', 'asking 40-']);
  });

  it('is there at once for 500 steps', () => {
    const steps = Array.from({ length: 500 }, (_, index) => step(`step-${index}`));
    const view = new Story(plan('p', service('db'), group('all', ...steps))).view();
    assert.equal(chartOf(view, storyStart + 1).rows.length, 502);
  });
});
