import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Story, plan, service, step } from '../../../test/rig/story.ts';
import { heardOf, newsOf } from './announcements.ts';

it('what changes is told once, in the words of its state, and not more than can be listened to', () => {
  const story = new Story(plan('p', service('db'), ...['a', 'b', 'c', 'd'].map((id) => step(id))));
  const before = heardOf(story.view());
  assert.equal(newsOf(before, before), '');
  story.tell({ type: 'service.starting', service: 'db', start: 1 });
  const starting = heardOf(story.view());
  assert.equal(newsOf(before, starting), 'service db: starting');
  for (const id of ['a', 'b', 'c', 'd']) story.tell({ type: 'step.started', step: id, attempt: 1 });
  assert.equal(
    newsOf(starting, heardOf(story.view())),
    'step a: running, step b: running, step c: running and 1 more change',
  );
});
