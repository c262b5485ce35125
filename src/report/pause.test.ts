import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Story, plan, service, step } from '../../test/rig/story.ts';
import { pauseHints, pauseWords } from './pause.ts';

import type { PauseReason } from '../event/pause.ts';

const story = (why: PauseReason): Story =>
  new Story(plan('p', service('db'), step('test')))
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .tell({ type: 'service.running', service: 'db', label: 'pid 4712' })
    .tell({
      type: 'service.address',
      service: 'db',
      addresses: [{ host: 'localhost', port: 5432 }],
    })
    .tell({ type: 'run.paused', why });

const said = (why: PauseReason): string => {
  const view = story(why).view();
  return `${pauseWords(why, view)}; ${pauseHints(why, view)}`;
};

it('says who paused a run, or before what, how it goes on, and what is up meanwhile', () => {
  const how =
    'go on with `continuo resume k3f9` (`--next`: by one), end it with `continuo kill k3f9`; up are db at localhost:5432';
  assert.equal(said({ kind: 'asked', by: 'ann' }), `paused by ann; ${how}`);
  assert.equal(said({ kind: 'break', before: 'test' }), `paused before 'test'; ${how}`);
});

it('says what failed, and that going on is the end of it', () => {
  const end = { kind: 'exited', exit: { kind: 'code', code: 3 } } as const;
  assert.equal(
    said({ kind: 'failure', cause: { kind: 'step', step: 'test', end } }),
    "paused: step 'test' failed with exit code 3; look with `continuo logs k3f9`, end it with `continuo resume k3f9`; up are db at localhost:5432",
  );
});

it('is paused from the first word of it until it goes on', () => {
  const told = story({ kind: 'asked', by: 'ann' });
  const since = told.view().paused?.since;
  told.at(50).tell({ type: 'run.paused', why: { kind: 'break', before: 'test' } });
  assert.deepEqual(told.view().paused, { why: { kind: 'break', before: 'test' }, since });
  told.tell({ type: 'run.resumed', by: 'ann', to: 'next' });
  assert.equal(told.view().paused, undefined);
});
