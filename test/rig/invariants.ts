import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';

import { isServiceFailure } from '../../src/event/outcome.ts';
import { restartDelayMs } from '../../src/engine/service-state.ts';
import { nodesOf, servicesBefore } from '../../src/plan/order.ts';
import { assertAnswers, assertMended, mayComeAgain, mostAttempts } from './failure-invariants.ts';
import { assertGroup, isExcused } from './group-invariants.ts';
import { groupsAround, livesOf } from './lives.ts';
import { assertPauses } from './pause-invariants.ts';

import type { Recorded, RunEvent } from '../../src/event/event.ts';
import type { StepOutcome } from '../../src/event/outcome.ts';
import type {
  ApprovalStep,
  Group,
  Plan,
  RunStep,
  Service,
  Stage,
  WaitStep,
} from '../../src/plan/plan.ts';

type Event = Recorded<RunEvent>;
type Of<T extends RunEvent['type']> = Recorded<Extract<RunEvent, { type: T }>>;

/**
 * Proves what must hold for the events of every run that has ended: each thing that starts ends
 * once, nothing runs before what it relies on is there, restarts keep to their rule, services stop
 * in the right order, and the outcome follows from the events.
 */
export function assertInvariants(events: readonly Event[]): void {
  const [first] = events;
  assert.equal(first?.type, 'run.started');
  const { plan } = first as Of<'run.started'>;
  assertOrderly(events);
  for (const stage of plan.stages) {
    const nodes = [...nodesOf(stage.root)];
    const before = servicesBefore(stage);
    for (const node of nodes) {
      if (node.kind === 'group') assertGroup(node, stage, events);
      for (const life of livesOf(node, stage, events)) {
        if (node.kind === 'service') assertService(node, life);
        else if (node.kind !== 'group')
          assertStep(node, life, events, before.get(node.id) ?? [], stage);
      }
    }
    assertStopOrder(
      nodes.filter((node) => node.kind === 'service'),
      stage,
      events,
    );
    assertStage(stage, events);
  }
  assertPauses(events);
  assertOutcome(events, plan);
}

/** Numbered without a gap, in time, and with one end that is the last word. */
function assertOrderly(events: readonly Event[]): void {
  for (const [index, event] of events.entries()) {
    const last = events[index - 1];
    if (!last) continue;
    assert.ok(event.seq > last.seq, `event ${event.seq} follows ${last.seq}`);
    assert.ok(event.at >= last.at, `event ${event.seq} is not older than the one before it`);
  }
  assert.equal(events.filter(({ type }) => type === 'run.ended').length, 1);
  assert.equal(events.at(-1)?.type, 'run.ended');
}

/** I1: no start of a step before its services can be relied on; exactly one end. */
function assertStep(
  step: RunStep | WaitStep | ApprovalStep,
  life: readonly Event[],
  events: readonly Event[],
  standing: readonly Service[],
  { root }: Stage,
): void {
  const ended = all(life, 'step.ended').filter((event) => event.step === step.id);
  assert.equal(ended.length, 1, `step ${step.id} ends once`);
  const starts = all(life, 'step.started').filter((event) => event.step === step.id);
  if (ended[0]?.outcome === 'skipped') assert.equal(starts.length, 0, `${step.id} was skipped`);
  assertMended(step, ended[0]!);
  assert.ok(starts.length <= mostAttempts(step), `step ${step.id} keeps to its attempts`);
  assertAnswers(
    step,
    life.filter((event) => 'step' in event && event.step === step.id),
  );
  if (step.kind === 'wait' && ended[0]?.outcome === 'succeeded' && !ended[0].end)
    assert.ok(ended[0].at - starts.at(-1)!.at >= step.durationMs - 2, `${step.id} waits its time`);
  const needs = step.kind === 'run' ? step.needs : [];
  const named = [...nodesOf(root)].filter(
    (node) => node.kind === 'service' && needs.includes(node.id),
  ) as Service[];
  for (const start of starts) {
    assert.ok(start.seq < ended[0]!.seq, `step ${step.id} does not start after its end`);
    for (const service of new Set([...standing, ...named])) {
      const state = stateAt(service, events, start.seq);
      const isNamed = needs.includes(service.id);
      const gone = isNamed ? 'completed' : 'gone';
      const fine = [service.ready.length > 0 ? 'ready' : 'running', 'completed', gone];
      assert.ok(
        fine.includes(state),
        `step ${step.id} started while service ${service.id} was ${state}`,
      );
    }
  }
}

/** What a service's events say of it just before an event. */
function stateAt(service: Service, events: readonly Event[], seq: number): string {
  let state = 'not started';
  for (const event of events) {
    if (event.seq >= seq) break;
    if (!('service' in event) || event.service !== service.id) continue;
    if (event.type === 'service.running') state = 'running';
    if (event.type === 'service.ready') state = 'ready';
    if (event.type === 'service.starting') state = 'starting';
    if (event.type === 'service.stopping') state = 'stopping';
    if (event.type === 'service.restarting') state = 'restarting';
    if (event.type === 'service.ended') {
      state = event.end.kind === 'completed' ? 'completed' : 'gone';
    }
  }
  return state;
}

/** I3 and I8: one end for each service, after which nothing; restarts as its rule allows. */
function assertService(service: Service, events: readonly Event[]): void {
  const own = events.filter((event) => 'service' in event && event.service === service.id);
  // What was kept for a person to look into has no end.
  if (own.at(-1)?.type === 'service.left') return;
  const ended = own.filter(({ type }) => type === 'service.ended');
  assert.equal(ended.length, 1, `service ${service.id} ends once`);
  assert.equal(own.at(-1)?.type, 'service.ended', `service ${service.id} is silent after its end`);
  const restarts = all(own, 'service.restarting');
  const { onExit } = service;
  if (onExit.kind !== 'restart') {
    assert.equal(restarts.length, 0, `service ${service.id} does not restart`);
    return;
  }
  assert.ok(restarts.length <= onExit.times, `service ${service.id} restarts no more than told`);
  for (const { seq, at, nth } of restarts) {
    const next = all(own, 'service.starting').find((start) => start.seq > seq);
    const delayMs = restartDelayMs(onExit.backoffMs, nth);
    // The recorder rounds to a thousandth, and timers may fire a millisecond early.
    if (next) assert.ok(next.at - at >= delayMs - 2, `service ${service.id} waits its back-off`);
  }
}

/** I7: what another service needs is told to stop only after that one has ended. */
function assertStopOrder(
  services: readonly Service[],
  stage: Stage,
  events: readonly Event[],
): void {
  for (const service of services) {
    const retried = (node: Service): readonly Group[] =>
      groupsAround(node, stage).filter(mayComeAgain);
    for (const needed of services.filter(({ id }) => service.needs.includes(id))) {
      // Where a group is attempted again, whoever is outside has to do without its services meanwhile.
      if (needed.scope !== service.scope) continue;
      if (!isDeepStrictEqual(retried(needed), retried(service))) continue;
      for (const life of livesOf(service, stage, events)) assertPair(service, needed, life);
    }
  }
}

function assertPair(service: Service, needed: Service, life: readonly Event[]): void {
  const own = life.filter((event) => 'service' in event && event.service === needed.id);
  const stopping = all(own, 'service.stopping').at(-1);
  const started = all(life, 'service.running').find((event) => event.service === service.id);
  const ended = all(life, 'service.ended').find((event) => event.service === service.id);
  // One that failed is ended at once, whoever needs it.
  const failed = all(own, 'service.ended').some((event) => isServiceFailure(event.end));
  if (!started || !stopping || started.seq > stopping.seq) return;
  if (failed || own.at(-1)?.type !== 'service.ended') return;
  assert.ok(ended && ended.seq < stopping.seq, `${service.id} ends before ${needed.id} stops`);
}

/** I10: the outcome follows from the events. */
function assertOutcome(events: readonly Event[], { stages }: Plan): void {
  const end = events.at(-1) as Of<'run.ended'>;
  const cancelled = events.some(({ type }) => type === 'run.cancelling');
  const failed = [
    ...stages
      .filter(({ continueOnFail }) => continueOnFail !== true)
      .flatMap((stage) => unexcused(stage, events)),
    ...all(events, 'stage.ended').filter(({ outcome }) => isBad(outcome)),
  ];
  if (end.outcome === 'succeeded') {
    assert.deepEqual(failed, []);
    assert.ok(!cancelled);
  }
  assert.equal(end.outcome === 'failed', end.cause !== undefined, 'a failure has a cause');
  if (end.outcome === 'cancelled') assert.ok(cancelled, 'somebody cancelled it');
  if (!cancelled) {
    const isBad = failed.length > 0 || end.cause?.kind === 'environment';
    assert.equal(end.outcome === 'failed', isBad, 'it failed because something failed');
  }
}

/** How steps and groups came to an end that is not good, where nothing makes up for it. */
function unexcused(stage: Stage, events: readonly Event[]): Event[] {
  return [...nodesOf(stage.root)].flatMap((node) =>
    events.filter(
      (event) =>
        (event.type === 'service.ended' && event.service === node.id && event.verdict === 'fail') ||
        (((event.type === 'step.ended' && event.step === node.id) ||
          (event.type === 'group.ended' && event.group === node.id)) &&
          isBad(event.outcome) &&
          !isExcused(node, event, stage, events)),
    ),
  );
}

const isBad = (outcome: StepOutcome): boolean =>
  outcome === 'failed' || outcome === 'timed-out' || outcome === 'cancelled';

/** I11: every stage ends once, as its nodes and its own rules say; one that was skipped never began. */
function assertStage(stage: Stage, events: readonly Event[]): void {
  const { id, continueOnFail = false } = stage;
  const ended = all(events, 'stage.ended').filter((event) => event.stage === id);
  assert.equal(ended.length, 1, `stage ${id} ends once`);
  const [{ outcome, cause, because }] = ended as [Of<'stage.ended'>];
  const started = all(events, 'stage.started').filter((event) => event.stage === id);
  const isRefused = cause?.kind === 'stage' && cause.end.kind === 'refused';
  assert.equal(started.length, outcome === 'skipped' || isRefused ? 0 : 1, `stage ${id} starts`);
  assert.equal(outcome === 'skipped', because !== undefined, `stage ${id} says why it is skipped`);
  if (outcome === 'ignored') assert.ok(continueOnFail, `stage ${id} has no excuse`);
  // Once it is cancelled, nobody is to blame for anything any more.
  const isCancelled = events.some(({ type }) => type === 'run.cancelling');
  if (outcome === 'succeeded' && !isCancelled)
    assert.deepEqual(unexcused(stage, events), [], `nothing failed in stage ${id}`);
  const hasCause = outcome === 'failed' || outcome === 'timed-out' || outcome === 'ignored';
  assert.equal(cause !== undefined, hasCause, `stage ${id} has a cause if it failed`);
}

function all<T extends RunEvent['type']>(events: readonly Event[], type: T): Of<T>[] {
  return events.filter((event) => event.type === type) as Of<T>[];
}
