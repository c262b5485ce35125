import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Story, plan, service, step } from '../../test/rig/story.ts';
import { openQuestions } from './open-questions.ts';

import type { RunEvent } from './event.ts';

const input = (node: string): RunEvent => ({
  type: 'input.asked',
  node,
  message: 'it waits for what it is to be given',
  inputs: [{ name: 'x' }],
  choices: ['give'],
});

const answered = (node: string): RunEvent => ({
  ...{ type: 'input.answered', node, answer: 'give', by: 'ann', inputs: {} },
});

it('what a run asks is known of stages and services as of steps, until it is answered or they end', () => {
  const story = new Story(plan('p', service('db'), step('a')));
  const asking = (): string[] => openQuestions(story.view()).map(({ kind, id }) => `${kind} ${id}`);
  assert.deepEqual(asking(), []);
  story.tell(input('a')).at(1).tell(input('main')).at(2).tell(input('db'));
  assert.deepEqual(asking(), ['step a', 'stage main', 'service db']);
  story.tell(answered('main'));
  assert.deepEqual(asking(), ['step a', 'service db']);
  story.tell({ type: 'service.ended', service: 'db', end: { kind: 'skipped' } } as RunEvent);
  story.tell(answered('a'));
  assert.deepEqual(asking(), []);
});
