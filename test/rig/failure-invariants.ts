import assert from 'node:assert/strict';

import type { Recorded, RunEvent } from '../../src/event/event.ts';
import type { FailureAction } from '../../src/plan/failure-rules.ts';
import type { Group, Node, Service } from '../../src/plan/plan.ts';

type Event = Recorded<RunEvent>;
type Ended = Extract<Event, { type: 'step.ended' | 'group.ended' }>;
type Failing = Exclude<Node, Service>;

/** Everything that the plan has for failures of a step or group, what comes after something else included. */
export function actionsOf({ onFailure, retry, continueOnFail }: Failing): readonly FailureAction[] {
  const last: FailureAction = { kind: continueOnFail === true ? 'ignore' : 'fail' };
  const times = retry && typeof retry.attempts === 'number' ? retry.attempts - 1 : Infinity;
  const first: FailureAction = retry ? { kind: 'retry', times, delaysMs: [], then: last } : last;
  const firsts = onFailure?.map(({ action }) => action) ?? [first];
  return firsts.flatMap((action) => [...withNext(action)]);
}

function* withNext(action: FailureAction): Generator<FailureAction> {
  yield action;
  if ('then' in action) yield* withNext(action.then);
}

/** How often a step or group may run in one of its lives. */
export function mostAttempts(node: Failing): number {
  const own = actionsOf(node);
  const below = node.kind === 'group' && node.anew !== 'around' ? actionsIn(node) : [];
  const again = [
    ...own.map((action) => (action.kind === 'retry' ? action.times : 0)),
    ...below.map((action) => (action.kind === 'retry-group' ? action.times : 0)),
  ];
  if (own.some(({ kind }) => kind === 'ask')) return Infinity;
  return again.reduce((sum, times) => sum + times, 1);
}

/** Whether what stands in a group may begin anew with it. */
export const mayComeAgain = (group: Group): boolean => mostAttempts(group) > 1;

/** What is done about failures in a group, as far as this is the group that may begin anew by it. */
const actionsIn = (group: Group): readonly FailureAction[] =>
  group.members
    .filter(isFailing)
    .flatMap((node) => [
      ...actionsOf(node),
      ...(node.kind === 'group' && node.anew === 'around' ? actionsIn(node) : []),
    ]);

const isFailing = (node: Node): node is Failing => node.kind !== 'service';

/** What failed is ignored, or counts as succeeded, only where the plan says so. */
export function assertMended(node: Failing, ended: Ended): void {
  const may = actionsOf(node).map(({ kind }) => kind);
  const isAsked = may.includes('ask');
  if (ended.outcome === 'ignored')
    assert.ok(isAsked || may.includes('ignore'), `${node.kind} ${node.id} has no excuse`);
  if (ended.outcome === 'succeeded' && ended.end)
    assert.ok(isAsked || may.includes('succeed'), `${node.kind} ${node.id} did not succeed`);
}

/** Whether an end is one that nothing around it suffers from, although something in it failed. */
export const isMended = (event: Event): boolean =>
  (event.type === 'step.ended' || event.type === 'group.ended') &&
  (event.outcome === 'ignored' || (event.outcome === 'succeeded' && event.end !== undefined));

/** Answers follow questions, each with one of the choices there were; and nobody is asked after an end. */
export function assertAnswers(node: Failing, own: readonly Event[]): void {
  let choices: readonly string[] | undefined;
  for (const event of own) {
    if (event.type === 'step.asked' || event.type === 'group.asked') choices = event.choices;
    else if (event.type === 'step.answered' || event.type === 'group.answered') {
      assert.ok(choices?.includes(event.answer), `${node.id} was asked what is answered`);
      choices = undefined;
    } else choices = undefined;
  }
  const last = own.findLast(({ type }) => type === 'step.answered');
  const ended = own.find(({ type }) => type === 'step.ended');
  if (node.kind === 'approval' && ended?.type === 'step.ended' && ended.outcome === 'succeeded')
    assert.ok(
      ended.end ?? (last?.type === 'step.answered' && last.answer === 'approve'),
      `${node.id} was approved`,
    );
}
