import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Story, group, plan, service, step } from '../../test/rig/story.ts';
import { noTests } from '../event/tests.ts';
import { briefDetail, fullDetail, reportsOf, testLines } from './tests.ts';

import type { RunEvent } from '../event/event.ts';
import type { TestCase } from '../event/tests.ts';

const page = { color: false, unicode: true, columns: 40 };

function told(task: string, ...cases: TestCase[]): RunEvent {
  const counts = { ...noTests };
  for (const { outcome } of cases) counts[outcome] += 1;
  return { type: 'tests.read', task, file: `${task}.xml`, counts, cases };
}

const passed: TestCase = { name: 'adds', classname: 'Cart', outcome: 'passed', seconds: 1.5 };
const failed: TestCase = {
  name: 'pays',
  classname: 'Cart',
  outcome: 'failed',
  message: 'expected 1\n\n  \u001b[31mbut was 2, which is not what anybody wanted',
};
const broke: TestCase = { name: 'opens', suite: 'ui', outcome: 'error', seconds: 0.25 };

describe('what is told of tests', () => {
  it('is how many there are, which broke and why, and the slowest', () => {
    const story = new Story(plan('p', step('unit'), service('ui'))).tell(
      told('ui', broke),
      told('unit', passed, failed, { name: 'Cart later', classname: 'Cart', outcome: 'skipped' }),
    );
    assert.deepEqual(testLines(story.view(), briefDetail, page), [
      '✗ 4 tests: 1 passed, 1 failed, 1 broke off and 1 skipped in 2 reports',
      '  ✗ Cart pays · unit',
      '    │ expected 1',
      '  ✗ ui opens · ui',
      '  slowest:',
      '     1.5 s  Cart adds',
      '    250 ms  ui opens',
    ]);
    assert.deepEqual(testLines(story.view(), fullDetail, page).slice(1, 4), [
      '  ✗ Cart pays · unit',
      '    │ expected 1',
      '    │ but was 2, which is not what anyb…',
    ]);
  });

  it('is no more than fits into a summary, and where the rest is', () => {
    const many = Array.from({ length: 12 }, (_, n) => ({ ...failed, name: `t${n}` }));
    const story = new Story(plan('p', step('unit'))).tell(told('unit', ...many));
    assert.equal(
      testLines(story.view(), briefDetail, page).at(-1),
      '  2 more: continuo tests 20261121-223012-k3f9',
    );
    assert.doesNotMatch(testLines(story.view(), fullDetail, page).join('\n'), /more/);
  });

  it('is that all is well when nothing failed, and nothing when there are no reports', () => {
    const story = new Story(plan('p', step('unit')));
    assert.deepEqual(testLines(story.view(), briefDetail, page), []);
    const quick: TestCase = { name: 'adds', outcome: 'passed' };
    story.tell(told('unit', quick));
    assert.deepEqual(testLines(story.view(), briefDetail, page), [
      '✓ 1 test: 1 passed in 1 report',
    ]);
  });

  it('is of the last attempt of a step, and of a group', () => {
    const story = new Story(plan('p', group('g', step('unit'), service('ui')))).tell(
      { type: 'group.started', group: 'g' },
      { type: 'step.started', step: 'unit', attempt: 1 },
      told('unit', failed),
      { type: 'step.started', step: 'unit', attempt: 2 },
      told('unit', passed),
      told('ui', broke),
    );
    const files = () => reportsOf(story.view()).map(({ task, counts }) => [task, counts.passed]);
    assert.deepEqual(files(), [
      ['unit', 1],
      ['ui', 0],
    ]);
    story.tell({ type: 'group.started', group: 'g', attempt: 2 });
    assert.deepEqual(files(), []);
  });
});
