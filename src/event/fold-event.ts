import { foldImage, isSettled } from './image-view.ts';
import { resetMembers } from './view.ts';

import type { Recorded, RunEvent } from './event.ts';
import type { AskedView, GroupView, RunView, ServiceState, ServiceView, StepView } from './view.ts';

/** Takes one event into the view, in place. Events of a type it does not know change nothing. */
export function foldEvent(view: RunView, event: Recorded<RunEvent>): void {
  switch (event.type) {
    case 'run.started':
      return;
    case 'stage.started':
    case 'stage.ended':
      foldStageEvent(view, event);
      return;
    case 'run.cancelling':
      view.cancelledBy ??= event.by;
      delete view.paused;
      return;
    case 'run.paused':
      view.paused = { why: event.why, since: view.paused?.since ?? event.at };
      return;
    case 'run.resumed':
      delete view.paused;
      return;
    case 'run.variable':
      view.variables.set(event.name, event.value);
      return;
    case 'run.ended':
      delete view.paused;
      view.endedAt = event.at;
      view.outcome = event.outcome;
      if (event.cause) view.cause = event.cause;
      return;
    case 'image.progress':
      foldImageEvent(view, event);
      return;
    case 'run.kept':
      view.kept = event.commands;
      return;
    case 'tests.read':
      foldTests(view, event);
      return;
    case 'input.asked':
    case 'input.answered':
      foldInput(view, event);
      return;
    case 'warning':
      view.warnings.push(
        event.about === undefined ? { text: event.text } : { about: event.about, text: event.text },
      );
      return;
    default:
      foldNodeEvent(view, event);
  }
}

function foldTests({ nodes }: RunView, { task, file, counts, cases }: EventOf<'tests.read'>): void {
  const node = nodes.get(task);
  if (!node || node.kind === 'group') return;
  node.tests = [...(node.tests ?? []), { file, counts, cases }];
}

/** The state of a service or a stage says nothing of a question: they have not begun. */
function foldInput(
  { nodes, stages }: RunView,
  event: EventOf<'input.asked' | 'input.answered'>,
): void {
  const node = nodes.get(event.node) ?? stages.get(event.node);
  if (!node) return;
  if (!('kind' in node) || node.kind === 'service') {
    if (event.type === 'input.asked') node.wants = toAsked(event);
    else delete node.wants;
    return;
  }
  if (event.type === 'input.asked') {
    ask(node, event);
    return;
  }
  node.state = 'pending';
  delete node.asked;
}

function foldStageEvent(
  { stages }: RunView,
  event: EventOf<'stage.started'> | EventOf<'stage.ended'>,
): void {
  const stage = stages.get(event.stage);
  if (!stage) return;
  if (event.type === 'stage.started') {
    stage.state = 'running';
    stage.startedAt = event.at;
    return;
  }
  delete stage.wants;
  stage.state = 'ended';
  stage.endedAt = event.at;
  stage.outcome = event.outcome;
  if (event.cause) stage.cause = event.cause;
  if (event.because) stage.because = event.because;
}

function foldImageEvent(
  { images, nodes }: RunView,
  { progress, at }: EventOf<'image.progress'>,
): void {
  const image = foldImage(images.get(progress.image), progress, at);
  images.set(progress.image, image);
  if (!isSettled(image)) return;
  for (const node of nodes.values()) {
    if (node.kind === 'group' || node.image !== progress.image) continue;
    if (node.state !== 'starting' && node.state !== 'running') continue;
    node.imageWaitMs ??= at - (node.startedAt ?? at);
  }
}

type EventOf<T extends RunEvent['type']> = Recorded<Extract<RunEvent, { type: T }>>;

type NodeEvent = Extract<RunEvent, { step: string } | { service: string } | { group: string }>;

function foldNodeEvent(view: RunView, event: Recorded<NodeEvent>): void {
  if ('step' in event) {
    const step = view.nodes.get(event.step);
    if (step?.kind === 'step') foldStepEvent(step, event);
  } else if ('service' in event) {
    const service = view.nodes.get(event.service);
    if (service?.kind === 'service') foldServiceEvent(service, event);
  } else if ('group' in event) {
    const group = view.nodes.get(event.group);
    if (group?.kind === 'group') foldGroupEvent(view, group, event);
  }
}

function foldGroupEvent(
  view: RunView,
  group: GroupView,
  event: Recorded<Extract<RunEvent, { group: string }>>,
): void {
  switch (event.type) {
    case 'group.started':
      group.state = 'running';
      group.startedAt ??= event.at;
      group.attempt = event.attempt ?? 1;
      delete group.asked;
      delete group.end;
      if (group.attempt > 1) resetMembers(view, group);
      return;
    case 'group.retrying':
      delete group.asked;
      group.state = 'retrying';
      group.end = event.end;
      return;
    case 'group.asked':
      ask(group, event);
      group.end = event.end;
      return;
    case 'group.answered':
      takeAnswer(group, event);
      return;
    case 'group.ended':
      delete group.asked;
      group.state = 'ended';
      group.endedAt = event.at;
      group.outcome = event.outcome;
      if (event.end) group.end = event.end;
      if (event.because) group.because = event.because;
      return;
    default:
      event satisfies never;
  }
}

type AskedEvent = EventOf<'step.asked' | 'group.asked' | 'input.asked'>;

function ask(node: StepView | GroupView, event: AskedEvent): void {
  node.state = 'asking';
  node.asked = toAsked(event);
}

const toAsked = ({ message, choices, inputs, at }: AskedEvent): AskedView => ({
  message,
  choices,
  ...(inputs.length > 0 && { inputs }),
  since: at,
});

function takeAnswer(
  node: StepView | GroupView,
  { answer, by, comment }: EventOf<'step.answered' | 'group.answered'>,
): void {
  node.state = 'running';
  node.answered = { answer, by, ...(comment !== undefined && { comment }) };
  delete node.asked;
}

function foldStepEvent(step: StepView, event: Recorded<Extract<RunEvent, { step: string }>>): void {
  switch (event.type) {
    case 'step.waiting':
      step.state = 'waiting';
      step.waitsFor = event.services;
      step.waitingSince ??= event.at;
      return;
    case 'step.started':
      step.state = 'running';
      step.waitsFor = [];
      step.startedAt ??= event.at;
      step.attempt = event.attempt;
      delete step.asked;
      delete step.tests;
      if (event.image !== undefined) step.image = event.image;
      delete step.end;
      return;
    case 'step.retrying':
      delete step.asked;
      step.state = 'retrying';
      step.end = event.end;
      return;
    case 'step.asked':
      ask(step, event);
      if (event.end) step.end = event.end;
      return;
    case 'step.answered':
      takeAnswer(step, event);
      return;
    case 'step.outputs':
      step.outputs = event.outputs;
      return;
    case 'step.ended':
      delete step.asked;
      step.state = 'ended';
      step.waitsFor = [];
      step.endedAt = event.at;
      step.outcome = event.outcome;
      if (event.end) step.end = event.end;
      if (event.because) step.because = event.because;
      return;
    default:
      event satisfies never;
  }
}

function foldServiceEvent(
  service: ServiceView,
  event: Recorded<Extract<RunEvent, { service: string }>>,
): void {
  switch (event.type) {
    case 'service.waiting':
      service.waitsFor = event.needs;
      enter(service, 'waiting', event.at);
      return;
    case 'service.starting':
      service.waitsFor = [];
      service.startedAt ??= event.at;
      if (event.image !== undefined) service.image = event.image;
      enter(service, 'starting', event.at);
      return;
    case 'service.running':
      service.label = event.label;
      enter(service, 'running', event.at);
      return;
    case 'service.asked':
      service.asked = event.asked;
      return;
    case 'service.ready':
      service.readyAfterMs = event.afterMs;
      enter(service, 'ready', event.at);
      return;
    case 'service.address':
      service.addresses = event.addresses;
      return;
    case 'service.stopping':
      service.stoppingAt = event.at;
      enter(service, 'stopping', event.at);
      return;
    case 'service.left':
      return;
    case 'service.restarting':
      service.restarts = event.nth;
      enter(service, 'restarting', event.at);
      return;
    case 'service.ended':
      delete service.wants;
      service.waitsFor = [];
      service.endedAt = event.at;
      service.end = event.end;
      if (event.verdict) service.verdict = event.verdict;
      enter(service, 'ended', event.at);
      return;
    default:
      event satisfies never;
  }
}

function enter(service: ServiceView, state: ServiceState, at: number): void {
  service.state = state;
  service.history.push({ state, at });
}
