import assert from 'node:assert/strict';
import { it } from 'node:test';

import { asksMuch } from '../../../test/rig/asking-story.ts';
import { goodStory, serviceDies } from '../../../test/rig/stories.ts';
import { canPause, standingOf } from './run-standing.ts';

it('a run that has failed is told by its cause, in the words of the terminal', () => {
  const { badge, sentence } = standingOf(serviceDies().view(), 'failed');
  assert.equal(badge.word, 'failed');
  assert.match(sentence, /^service 'api' died with exit code 1 after .*, while step '.*' ran\.$/);
});

it('a run that has ended well needs no sentence', () => {
  const told = standingOf(goodStory().view(), 'succeeded');
  assert.deepEqual([told.badge.word, told.sentence], ['succeeded', '']);
});

it('a run that asks tells who does', () => {
  assert.match(standingOf(asksMuch().view(), undefined).sentence, /^Waiting for an answer: \S+\.$/);
});

it('a run that is paused tells by whom', () => {
  const view = goodStory().view();
  delete view.outcome;
  view.paused = { why: { kind: 'asked', by: 'ann' }, since: 0 };
  const { badge, sentence } = standingOf(view, undefined);
  assert.deepEqual([badge.word, sentence], ['paused', 'Paused by ann.']);
});

it('a run whose process is gone is lost, whatever its journal says', () => {
  const view = goodStory().view();
  delete view.outcome;
  assert.equal(standingOf(view, 'lost').badge.word, 'lost');
});

it('a run can be paused until it is paused, or its services alone have yet to end', () => {
  const view = goodStory().view();
  assert.ok(!canPause(view));
  const last = [...view.nodes.values()].find(({ kind }) => kind === 'step')!;
  last.state = 'running';
  assert.ok(canPause(view));
  view.cancelledBy = 'ann';
  assert.ok(!canPause(view));
  delete view.cancelledBy;
  view.paused = { why: { kind: 'asked', by: 'ann' }, since: 0 };
  assert.ok(!canPause(view));
});
