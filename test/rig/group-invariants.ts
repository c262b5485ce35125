import assert from 'node:assert/strict';

import { nodesOf } from '../../src/plan/order.ts';
import { assertAnswers, assertMended, isMended, mostAttempts } from './failure-invariants.ts';
import { groupsAround, livesOf } from './lives.ts';

import type { Recorded, RunEvent } from '../../src/event/event.ts';
import type { Group, Node, Stage } from '../../src/plan/plan.ts';

type Event = Recorded<RunEvent>;

/**
 * What must hold for a group: one end in each of its lives, attempts in order and no more than it has, and
 * nothing below it that begins while no attempt of it is under way.
 */
export function assertGroup(group: Group, stage: Stage, events: readonly Event[]): void {
  for (const life of livesOf(group, stage, events)) {
    const own = life.filter((event) => 'group' in event && event.group === group.id);
    const ended = own.filter(({ type }) => type === 'group.ended');
    assert.equal(ended.length, 1, `group ${group.id} ends once`);
    assert.equal(own.at(-1), ended[0], `group ${group.id} is silent after its end`);
    assertAttempts(group, own);
    assertMended(group, ended[0] as Recorded<Extract<RunEvent, { type: 'group.ended' }>>);
    assertAnswers(group, own);
    if (stage.failing !== 'in-order') assertNothingBegins(group, life);
  }
}

function assertAttempts(group: Group, own: readonly Event[]): void {
  const { id } = group;
  let attempt = 0;
  let mayStartAt = 0;
  for (const event of own) {
    if (event.type === 'group.started') {
      attempt += 1;
      assert.equal(event.attempt, attempt, `the attempts of group ${id} are counted`);
      assert.ok(event.at >= mayStartAt - 2, `group ${id} waits its back-off`);
      mayStartAt = Infinity;
    }
    if (event.type === 'group.retrying') {
      assert.equal(event.attempt, attempt, `the attempt of group ${id} that failed is told`);
      mayStartAt = event.at + event.delayMs;
    }
  }
  assert.ok(attempt <= mostAttempts(group), `group ${id} keeps to its attempts`);
}

/** Steps begin within an attempt. Services may take longer than it, but not where it failed. */
function assertNothingBegins(group: Group, life: readonly Event[]): void {
  const below = new Set([...nodesOf(group)].map(({ id }) => id));
  let isOpen = false;
  let hasFailed = true;
  for (const event of life) {
    if ('group' in event && event.group === group.id) {
      isOpen = event.type === 'group.started';
      hasFailed = !isOpen && !(event.type === 'group.ended' && event.outcome === 'succeeded');
    }
    if (event.type === 'step.started' && below.has(event.step))
      assert.ok(isOpen, `step ${event.step} begins while group ${group.id} is under way`);
    if (event.type === 'service.starting' && event.start === 1 && below.has(event.service))
      assert.ok(!hasFailed, `service ${event.service} does not begin behind a failed group`);
  }
}

/** Whether a failure at this event was made good: by another attempt, or since it may fail. */
export function isExcused(
  node: Node,
  { seq }: Event,
  stage: Stage,
  events: readonly Event[],
): boolean {
  const around = groupsAround(node, stage).map(({ id }) => id);
  return events.some(
    (event) =>
      event.seq > seq &&
      'group' in event &&
      around.includes(event.group) &&
      (event.type === 'group.retrying' || (event.type === 'group.ended' && isMended(event))),
  );
}
