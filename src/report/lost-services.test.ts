import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Story, plan, service, step } from '../../test/rig/story.ts';
import { gatherLost, lostLines, lostServices } from './lost-services.ts';

const look = { color: false, unicode: true, columns: 100 };
const exit = { kind: 'code', code: 3 } as const;

/** A service that starts twice and dies, one that runs on, and a step. */
const story = new Story(plan('p', service('db'), service('web'), step('test')))
  .tell({ type: 'service.starting', service: 'db', start: 1 })
  .says('db', 'the first time\n')
  .tell({ type: 'service.starting', service: 'db', start: 2 })
  .tell({ type: 'service.starting', service: 'web', start: 1 })
  .says('web', 'listening\n')
  .says('db', 'out of \x1b[31mideas\x1b[0m\nbye')
  .tell({
    type: 'service.ended',
    service: 'db',
    end: { kind: 'exited-early', exit, afterMs: 50, leftBehind: [] },
    verdict: 'ignore',
  })
  .tell({ type: 'service.ended', service: 'web', end: { kind: 'stopped', exit } });

it('tells of a service whose failure did not count how it ended, with its last words', async () => {
  const view = story.view();
  const lost = await gatherLost(story.read(), lostServices(view), look);
  assert.deepEqual(lost, [{ task: 'db', lines: ['out of ideas', 'bye'], cut: false }]);
  assert.deepEqual(lostLines(view, lost, look), [
    "! service 'db' ended with exit code 3 after 50 ms, before it was ready",
    "  service 'db' said:",
    '  │ out of ideas',
    '  │ bye',
    '',
  ]);
});

it('has nothing to tell of a service that said nothing but how it ended', () => {
  const lost = [{ task: 'db', lines: [], cut: false }];
  assert.equal(lostLines(story.view(), lost, look).length, 2);
});
