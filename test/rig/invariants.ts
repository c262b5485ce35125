import assert from 'node:assert/strict';

import { isServiceFailure } from '../../src/event/outcome.ts';
import { restartDelayMs } from '../../src/engine/service-state.ts';
import { nodesOf, servicesBefore } from '../../src/plan/order.ts';

import type { Recorded, RunEvent } from '../../src/event/event.ts';
import type { Plan, RunStep, Service, Stage } from '../../src/plan/plan.ts';

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
      if (node.kind === 'run') assertStep(node, events, before.get(node.id) ?? [], stage);
      if (node.kind === 'service') assertService(node, events);
    }
    assertStopOrder(
      nodes.filter((node) => node.kind === 'service'),
      events,
    );
  }
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
  step: RunStep,
  events: readonly Event[],
  standing: readonly Service[],
  { root }: Stage,
): void {
  const ended = all(events, 'step.ended').filter((event) => event.step === step.id);
  assert.equal(ended.length, 1, `step ${step.id} ends once`);
  const named = [...nodesOf(root)].filter(
    (node) => node.kind === 'service' && step.needs.includes(node.id),
  ) as Service[];
  for (const start of all(events, 'step.started').filter((event) => event.step === step.id)) {
    assert.ok(start.seq < ended[0]!.seq, `step ${step.id} does not start after its end`);
    for (const service of new Set([...standing, ...named])) {
      const state = stateAt(service, events, start.seq);
      const isNamed = step.needs.includes(service.id);
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
function assertStopOrder(services: readonly Service[], events: readonly Event[]): void {
  for (const service of services) {
    for (const need of service.needs) {
      const needed = services.find(({ id }) => id === need);
      const own = events.filter((event) => 'service' in event && event.service === need);
      const stopping = all(own, 'service.stopping').at(-1);
      const started = all(events, 'service.running').find((event) => event.service === service.id);
      const ended = all(events, 'service.ended').find((event) => event.service === service.id);
      // One that failed is ended at once, whoever needs it.
      const failed = all(own, 'service.ended').some((event) => isServiceFailure(event.end));
      if (!started || !stopping || started.seq > stopping.seq) continue;
      if (failed || own.at(-1)?.type !== 'service.ended') continue;
      if (needed?.scope !== service.scope) continue;
      assert.ok(ended && ended.seq < stopping.seq, `${service.id} ends before ${need} stops`);
    }
  }
}

/** I10: the outcome follows from the events. */
function assertOutcome(events: readonly Event[], { stages }: Plan): void {
  const end = events.at(-1) as Of<'run.ended'>;
  const cancelled = events.some(({ type }) => type === 'run.cancelling');
  const failedSteps = all(events, 'step.ended').filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'timed-out',
  );
  const failedServices = all(events, 'service.ended').filter(({ verdict }) => verdict === 'fail');
  if (end.outcome === 'succeeded') {
    assert.deepEqual(failedSteps, []);
    assert.deepEqual(failedServices, []);
    assert.ok(!cancelled);
    for (const stage of stages) {
      for (const node of nodesOf(stage.root)) {
        if (node.kind !== 'run') continue;
        const ended = all(events, 'step.ended').find(({ step }) => step === node.id);
        assert.ok(ended && ['succeeded', 'ignored', 'skipped'].includes(ended.outcome));
      }
    }
  }
  assert.equal(end.outcome === 'failed', end.cause !== undefined, 'a failure has a cause');
  if (end.outcome === 'cancelled') assert.ok(cancelled, 'somebody cancelled it');
  if (!cancelled) {
    const environment = end.cause?.kind === 'environment';
    const failed = failedSteps.length + failedServices.length > 0 || environment;
    assert.equal(end.outcome === 'failed', failed, 'it failed because something failed');
  }
}

function all<T extends RunEvent['type']>(events: readonly Event[], type: T): Of<T>[] {
  return events.filter((event) => event.type === type) as Of<T>[];
}
