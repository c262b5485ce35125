import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Story, group, plan, service, step } from '../../test/rig/story.ts';
import { isBeginning } from './begun.ts';
import { noTests } from './tests.ts';

import type { RunEvent } from './event.ts';
import type { RunView } from './view.ts';

const pipeline = plan('p', service('db'), group('g', step('a')));
const stage = pipeline.stages[0]!.id;
const cause = { kind: 'step', step: 'a', end: { kind: 'cancelled' } } as const;
const end = { kind: 'cancelled' } as const;
const asked = { message: 'Go on?', choices: ['approve'], inputs: [] } as const;
const answered = { answer: 'approve', by: 'ann', inputs: {} } as const;
const because = { kind: 'condition' } as const;

/** Each event there is, as the first one of a run. */
const events: { readonly [T in RunEvent['type']]: Extract<RunEvent, { type: T }> } = {
  'run.started': {
    ...{ type: 'run.started', run: '20261121-223012-k3f9', pid: 4711, version: '0.1.0' },
    ...{ workspace: '/work', plan: pipeline },
  },
  'run.cancelling': { type: 'run.cancelling', by: 'ann', forced: false },
  'run.paused': { type: 'run.paused', why: { kind: 'loaded' } },
  'run.resumed': { type: 'run.resumed', by: 'ann', to: 'all' },
  'run.variable': { type: 'run.variable', name: 'COLOR', value: 'red' },
  'run.ended': { type: 'run.ended', outcome: 'failed', cause },
  'run.kept': { type: 'run.kept', commands: [] },
  'image.progress': {
    type: 'image.progress',
    progress: { kind: 'there', image: 'redis:7', pulled: false },
  },
  'stage.started': { type: 'stage.started', stage },
  'stage.ended': { type: 'stage.ended', stage, outcome: 'skipped', because },
  'group.started': { type: 'group.started', group: 'g' },
  'group.retrying': { type: 'group.retrying', group: 'g', attempt: 1, end, delayMs: 1 },
  'group.asked': { type: 'group.asked', group: 'g', end, ...asked },
  'group.answered': { type: 'group.answered', group: 'g', ...answered },
  'group.ended': { type: 'group.ended', group: 'g', outcome: 'skipped', because },
  'input.asked': { type: 'input.asked', node: stage, ...asked },
  'input.answered': { type: 'input.answered', node: stage, ...answered },
  'step.waiting': { type: 'step.waiting', step: 'a', services: ['db'] },
  'step.started': { type: 'step.started', step: 'a', attempt: 1 },
  'step.retrying': { type: 'step.retrying', step: 'a', attempt: 1, end, delayMs: 1 },
  'step.asked': { type: 'step.asked', step: 'a', ...asked },
  'step.answered': { type: 'step.answered', step: 'a', ...answered },
  'step.ended': { type: 'step.ended', step: 'a', outcome: 'skipped', because },
  'step.outputs': { type: 'step.outputs', step: 'a', outputs: {} },
  'service.waiting': { type: 'service.waiting', service: 'db', needs: [] },
  'service.starting': { type: 'service.starting', service: 'db', start: 1 },
  'service.running': { type: 'service.running', service: 'db', label: 'pid 1' },
  'service.asked': { type: 'service.asked', service: 'db', asked: [] },
  'service.ready': { type: 'service.ready', service: 'db', afterMs: 1 },
  'service.address': { type: 'service.address', service: 'db', addresses: [] },
  'service.stopping': { type: 'service.stopping', service: 'db', signal: 'TERM', graceMs: 1 },
  'service.left': { type: 'service.left', service: 'db' },
  'service.restarting': {
    ...{ type: 'service.restarting', service: 'db', end: { kind: 'out-of-memory' } },
    ...{ nth: 1, times: 2, delayMs: 1 },
  },
  'service.ended': { type: 'service.ended', service: 'db', end: { kind: 'skipped', because } },
  'tests.read': { type: 'tests.read', task: 'a', file: 'a.xml', counts: noTests, cases: [] },
  warning: { type: 'warning', text: 'odd' },
};

const hasBegun = ({ stages, cancelledBy, endedAt }: RunView): boolean =>
  cancelledBy !== undefined ||
  endedAt !== undefined ||
  [...stages.values()].some(({ state }) => state !== 'pending');

for (const event of Object.values(events))
  it(`${event.type} begins a run in the view of it if it does so by itself`, () => {
    const view = new Story(pipeline).tell(event).view();
    assert.equal(hasBegun(view), isBeginning(event));
  });

it('a run begins with its first stage, or with its end', () => {
  const types = Object.values(events).filter(isBeginning);
  assert.deepEqual(
    types.map(({ type }) => type),
    ['run.cancelling', 'run.ended', 'stage.started', 'stage.ended'],
  );
});
