import { unreachable } from '../base/unreachable.ts';
import { foldImage, isSettled } from './image-view.ts';

import type { Group, Node, Plan } from '../plan/plan.ts';
import type { Recorded, RunEvent, ServiceAddress } from './event.ts';
import type { ImageView } from './image-view.ts';
import type {
  Cause,
  ProbeReport,
  RunOutcome,
  ServiceEnd,
  StepEnd,
  StepOutcome,
} from './outcome.ts';

/** What one looks at: a run as its events tell it. Built by `foldEvent` and by nothing else. */
export interface RunView {
  run: string;
  pid: number;
  workspace: string;
  plan: Plan;
  startedAt: number;
  endedAt?: number;
  cancelledBy?: string;
  outcome?: RunOutcome;
  cause?: Cause;
  /** In the order of the file. */
  readonly nodes: Map<string, NodeView>;
  /** What is known of the images that tasks wait for, or waited for, by name. */
  readonly images: Map<string, ImageView>;
  readonly warnings: { readonly about?: string; readonly text: string }[];
  /** The commands that lead into what was left up. */
  kept?: readonly string[];
}

export type NodeView = GroupView | StepView | ServiceView;

interface Placed {
  readonly id: string;
  readonly name: string;
  /** 0 for what stands at the top of its stage. */
  readonly depth: number;
}

export interface GroupView extends Placed {
  readonly kind: 'group';
  startedAt?: number;
  endedAt?: number;
  outcome?: StepOutcome;
}

export interface StepView extends Placed {
  readonly kind: 'step';
  state: 'pending' | 'waiting' | 'running' | 'retrying' | 'ended';
  /** The services it waits for, while it waits. */
  waitsFor: readonly string[];
  waitingSince?: number;
  /** When its first attempt started. */
  startedAt?: number;
  endedAt?: number;
  attempt: number;
  /** The name of the image it runs in, a key of `images`; known once it starts. */
  image?: string;
  /** How long it was held up by that image, which was not there yet. */
  imageWaitMs?: number;
  outcome?: StepOutcome;
  /** How it ended, or its last attempt while it is being retried. */
  end?: StepEnd;
}

export type ServiceState =
  'pending' | 'waiting' | 'starting' | 'running' | 'ready' | 'restarting' | 'stopping' | 'ended';

export interface ServiceView extends Placed {
  readonly kind: 'service';
  /** It has a `ready` check. Without one it can be relied on as soon as it runs. */
  readonly isProbed: boolean;
  state: ServiceState;
  waitsFor: readonly string[];
  /** The name of the image it runs in, a key of `images`; known once it starts. */
  image?: string;
  /** How long it was held up by that image, which was not there yet. */
  imageWaitMs?: number;
  label?: string;
  startedAt?: number;
  /** How long its last start took to become ready. */
  readyAfterMs?: number;
  stoppingAt?: number;
  endedAt?: number;
  restarts: number;
  /** What its probes heard last, while it is not ready. */
  asked: readonly ProbeReport[];
  addresses: readonly ServiceAddress[];
  end?: ServiceEnd;
  verdict?: 'fail' | 'ignore';
  /** Every state it was in, for the timeline. */
  readonly history: { readonly state: ServiceState; readonly at: number }[];
}

export function openView(event: Recorded<Extract<RunEvent, { type: 'run.started' }>>): RunView {
  const view: RunView = {
    run: event.run,
    pid: event.pid,
    workspace: event.workspace,
    plan: event.plan,
    startedAt: event.at,
    nodes: new Map(),
    images: new Map(),
    warnings: [],
  };
  for (const stage of event.plan.stages) placeMembers(view, stage.root, 0);
  return view;
}

function placeMembers(view: RunView, group: Group, depth: number): void {
  for (const node of group.members) {
    view.nodes.set(node.id, placed(node, depth));
    if (node.kind === 'group') placeMembers(view, node, depth + 1);
  }
}

function placed(node: Node, depth: number): NodeView {
  const { id, name } = node;
  switch (node.kind) {
    case 'group':
      return { kind: 'group', id, name, depth };
    case 'run':
      return { kind: 'step', id, name, depth, state: 'pending', waitsFor: [], attempt: 0 };
    case 'service':
      return {
        kind: 'service',
        id,
        name,
        depth,
        isProbed: node.ready.length > 0,
        state: 'pending',
        waitsFor: [],
        restarts: 0,
        asked: [],
        addresses: [],
        history: [],
      };
    default:
      return unreachable(node);
  }
}

/** Takes one event into the view, in place. Events of a type it does not know change nothing. */
export function foldEvent(view: RunView, event: Recorded<RunEvent>): void {
  switch (event.type) {
    case 'run.started':
    case 'stage.started':
    case 'stage.ended':
      return;
    case 'run.cancelling':
      view.cancelledBy ??= event.by;
      return;
    case 'run.ended':
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
    case 'warning':
      view.warnings.push(
        event.about === undefined ? { text: event.text } : { about: event.about, text: event.text },
      );
      return;
    default:
      foldNodeEvent(view, event);
  }
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
    if (group?.kind !== 'group') return;
    if (event.type === 'group.started') group.startedAt = event.at;
    else {
      group.endedAt = event.at;
      group.outcome = event.outcome;
    }
  }
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
      if (event.image !== undefined) step.image = event.image;
      delete step.end;
      return;
    case 'step.retrying':
      step.state = 'retrying';
      step.end = event.end;
      return;
    case 'step.ended':
      step.state = 'ended';
      step.waitsFor = [];
      step.endedAt = event.at;
      step.outcome = event.outcome;
      if (event.end) step.end = event.end;
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
    case 'service.restarting':
      service.restarts = event.nth;
      enter(service, 'restarting', event.at);
      return;
    case 'service.ended':
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
