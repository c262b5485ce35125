import assert from 'node:assert/strict';
import { it } from 'node:test';

import { groupsGoOn } from '../../../test/rig/stories.ts';
import { gatherFailure } from '../../report/failure.ts';
import { outcomeTable } from '../../report/outcome-table.ts';
import { remarks, summaryLines } from '../../report/summary.ts';
import { milestone } from './milestones.ts';
import { nodeLine } from '../../report/node-line.ts';
import { foldEvent } from '../../event/fold-event.ts';
import { openView } from '../../event/view.ts';
import { Story, group, plan, step } from '../../../test/rig/story.ts';

const page = { color: false, unicode: true, columns: 90 };

/** The milestones of a story, each behind the name it is about. */
function told(story: Story): string[] {
  const [first, ...rest] = story.records;
  assert.ok(first?.type === 'run.started');
  const view = openView(first);
  return rest.flatMap((record) => {
    if (record.type === 'output') return [];
    foldEvent(view, record);
    const news = milestone(record, view);
    return news ? [`${news.about ?? 'run'} ${news.kind}: ${news.text}`] : [];
  });
}

it('tells of each attempt of a group, and that it went on without it', () => {
  assert.deepEqual(told(groupsGoOn()), [
    'a event: started',
    'a bad: failed with exit code 1 after 10 ms',
    'b event: skipped',
    "g warning: failed: step 'a' failed with exit code 1; attempt 2 in 500 ms",
    'g event: started, attempt 2',
    'a event: started',
    'a event: was cancelled after 990 ms',
    'b event: skipped',
    'g warning: was stopped at its timeout of 990 ms; the run goes on',
    'h event: skipped: its condition does not hold',
    'd event: skipped: its condition does not hold',
    'db event: skipped: its condition does not hold',
  ]);
});

it('tells an ignored group from one that succeeded, and a condition from a failure', () => {
  const view = groupsGoOn().view();
  assert.deepEqual(outcomeTable(view, page), [
    '  ! g       ignored     1.5 s  timeout of 990 ms · 2 attempts',
    '    ○ a     cancelled  990 ms',
    '    ○ b     skipped',
    '  ○ h       skipped            its condition does not hold',
    "    ○ c     skipped            the condition of group 'h' does not hold",
    '  ○ d       skipped            its condition does not hold',
    '  ○ db      skipped            service · its condition does not hold',
  ]);
  assert.deepEqual(remarks(view), ["group 'g' failed"]);
});

it('shows in the live picture what a group is at', () => {
  const { records } = groupsGoOn();
  const texts = records.map((_, index) => {
    const story = groupsGoOn();
    story.records.splice(index + 1);
    const view = story.view();
    return nodeLine(view.nodes.get('g')!, view, view.startedAt + 700, page).text;
  });
  assert.deepEqual(
    [...new Set(texts)],
    [
      '',
      '0.7 s',
      "attempt 1 failed: step 'a' failed with exit code 1, trying again",
      '0.7 s, attempt 2',
      'was stopped at its timeout of 990 ms, 1.5 s',
    ],
  );
});

it('names the group whose time was up, and shows what ran in it then', async () => {
  const end = { kind: 'timed-out', afterMs: 2_000 } as const;
  const story = new Story(plan('p', group('g', step('a'), step('b')), step('c')))
    .tell({ type: 'group.started', group: 'g', attempt: 1 })
    .tell({ type: 'step.started', step: 'a', attempt: 1 })
    .says('a', 'still at it\n')
    .at(2_000)
    .tell({ type: 'step.ended', step: 'a', outcome: 'cancelled', end: { kind: 'cancelled' } })
    .tell({ type: 'step.ended', step: 'b', outcome: 'skipped', because: { kind: 'failure' } })
    .tell({ type: 'group.ended', group: 'g', outcome: 'timed-out', end })
    .tell({ type: 'step.ended', step: 'c', outcome: 'skipped', because: { kind: 'failure' } })
    .tell({ type: 'run.ended', outcome: 'failed', cause: { kind: 'group', group: 'g', end } });
  const view = story.view();
  const lines = summaryLines(view, await gatherFailure(story.read(), view, page), page);
  assert.deepEqual(lines.slice(2, 9), [
    "✗ group 'g' was stopped at its timeout of 2 s",
    '',
    "  step 'a' said:",
    '  │ still at it',
    '',
    "  step 'a' was cancelled",
    "  steps 'b' and 'c' did not run",
  ]);
  assert.ok(told(story).includes('g bad: was stopped at its timeout of 2 s'));
});
