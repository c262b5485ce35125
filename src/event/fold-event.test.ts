import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Story, group, plan, service, step, storyStart } from '../../test/rig/story.ts';

import type { GroupView, NodeView, StepView } from './view.ts';

it('knows how the last attempt ended until the next one starts', () => {
  const end = { kind: 'timed-out', afterMs: 1_000 } as const;
  const story = new Story(plan('p', step('a'))).tell({
    type: 'step.started',
    step: 'a',
    attempt: 1,
  });
  const seen = (): StepView['end'] => {
    const node = story.view().nodes.get('a');
    return node?.kind === 'step' ? node.end : undefined;
  };
  story.tell({ type: 'step.retrying', step: 'a', attempt: 1, end, delayMs: 500 });
  assert.deepEqual(seen(), end);
  story.tell({ type: 'step.started', step: 'a', attempt: 2 });
  assert.equal(seen(), undefined);
});

it('knows how far an image has come, since when, and what came of it', () => {
  const image = 'redis:7';
  const sizes = { doneBytes: 5, totalBytes: 9, doneLayers: 1, totalLayers: 2 };
  const pull = { kind: 'pulling', image, ...sizes } as const;
  const retry = { kind: 'retrying', image, detail: 'status 503', delayMs: 1_000 } as const;
  const there = { kind: 'there', image, pulled: true } as const;
  const story = new Story(plan('p', step('a')))
    .at(10)
    .tell({ type: 'image.progress', progress: pull })
    .at(20)
    .tell({ type: 'image.progress', progress: retry })
    .at(2_000)
    .tell({ type: 'image.progress', progress: there });
  assert.deepEqual(story.view().images.get(image), {
    progress: there,
    at: storyStart + 2_000,
    pullingSince: storyStart + 10,
    pull,
  });
  story.at(3_000).tell({ type: 'image.progress', progress: pull });
  assert.equal(story.view().images.get(image)?.pullingSince, storyStart + 3_000);
});

it('knows of an image that was there that nothing was pulled', () => {
  const progress = { kind: 'there', image: 'redis:7', pulled: false } as const;
  const story = new Story(plan('p', step('a'))).tell({ type: 'image.progress', progress });
  assert.deepEqual(story.view().images.get('redis:7'), { progress, at: storyStart });
});

it('knows which image a task runs in, and what was left up', () => {
  const commands = ['docker exec -it continuo-db sh'];
  const view = new Story(plan('p', service('db'), step('a')))
    .tell({ type: 'service.starting', service: 'db', start: 1, image: 'redis:7' })
    .tell({ type: 'step.started', step: 'a', attempt: 1, image: 'node:24' })
    .tell({ type: 'run.kept', commands })
    .view();
  const imageOf = (id: string): unknown => {
    const node = view.nodes.get(id);
    return node && node.kind !== 'group' && node.image;
  };
  assert.deepEqual([imageOf('db'), imageOf('a')], ['redis:7', 'node:24']);
  assert.deepEqual(view.kept, commands);
});

it('knows how long a task was held up by its image', () => {
  const image = 'redis:7';
  const there = { kind: 'there', image, pulled: true } as const;
  const view = new Story(plan('p', service('db'), service('mq'), step('a')))
    .tell({ type: 'service.starting', service: 'db', start: 1, image })
    .tell({ type: 'service.starting', service: 'mq', start: 1, image: 'nats' })
    .at(4_000)
    .tell({ type: 'image.progress', progress: there })
    .at(5_000)
    .tell({ type: 'step.started', step: 'a', attempt: 1, image })
    .view();
  const waits = [...view.nodes.values()].map((node) => node.kind !== 'group' && node.imageWaitMs);
  assert.deepEqual(waits, [4_000, undefined, undefined]);
});

it('forgets of what is below a group that starts anew what was before', () => {
  const failed = { kind: 'exited', exit: { kind: 'code', code: 1 } } as const;
  const end = { kind: 'failed', cause: { kind: 'step', step: 'a', end: failed } } as const;
  const story = new Story(plan('p', group('g', service('db'), step('a'), step('b')), step('c')))
    .tell({ type: 'group.started', group: 'g', attempt: 1 })
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .tell({ type: 'step.started', step: 'a', attempt: 1 })
    .at(10)
    .tell({ type: 'step.ended', step: 'a', outcome: 'failed', end: failed })
    .tell({ type: 'step.ended', step: 'b', outcome: 'skipped', because: { kind: 'failure' } })
    .tell({ type: 'group.retrying', group: 'g', attempt: 1, end, delayMs: 500 });
  const node = (id: string): NodeView | undefined => story.view().nodes.get(id);
  const { state: stateThen, end: endThen } = node('g') as GroupView;
  assert.deepEqual([stateThen, endThen], ['retrying', end]);
  assert.equal((node('a') as StepView).outcome, 'failed');
  assert.deepEqual((node('b') as StepView).because, { kind: 'failure' });

  const fresh = [...story.view().nodes.keys()];
  story.at(600).tell({ type: 'group.started', group: 'g', attempt: 2 });
  const unbegun = new Story(story.view().plan).view();
  for (const id of ['db', 'a', 'b']) assert.deepEqual(node(id), unbegun.nodes.get(id));
  assert.deepEqual([...story.view().nodes.keys()], fresh);
  const { state, attempt, startedAt, end: none } = node('g') as GroupView;
  assert.deepEqual([state, attempt, startedAt, none], ['running', 2, storyStart, undefined]);
});
