import { unreachable } from '../base/unreachable.ts';
import { nodesOfPlan } from '../plan/order.ts';

import type { Group, Node, Plan } from '../plan/plan.ts';
import type { Recorded, RunEvent, ServiceAddress } from './event.ts';
import type { ImageView } from './image-view.ts';
import type { PauseReason } from './pause.ts';
import type { Answer, AskedInput, Choice } from './question.ts';
import type { TestFile } from './tests.ts';
import type {
  Cause,
  GroupEnd,
  ProbeReport,
  RunOutcome,
  ServiceEnd,
  SkipReason,
  StepEnd,
  StepOutcome,
} from './outcome.ts';

/**
 * What one looks at: a run as its events tell it. Opened by `openView`, and changed by `foldEvent` and
 * by nothing else.
 */
export interface RunView {
  run: string;
  pid: number;
  workspace: string;
  plan: Plan;
  startedAt: number;
  endedAt?: number;
  cancelledBy?: string;
  /** Only while it is paused. */
  paused?: { readonly why: PauseReason; readonly since: number };
  outcome?: RunOutcome;
  cause?: Cause;
  /** What was given to it by name; a secret has no value here. */
  readonly variables: Map<string, string | undefined>;
  /** In the order of the file. */
  readonly stages: Map<string, StageView>;
  /** In the order of the file. */
  readonly nodes: Map<string, NodeView>;
  /** What is known of the images that tasks wait for, or waited for, by name. */
  readonly images: Map<string, ImageView>;
  readonly warnings: { readonly about?: string; readonly text: string }[];
  /** The commands that lead into what was left up. */
  kept?: readonly string[];
}

export interface StageView {
  readonly id: string;
  readonly name: string;
  state: 'pending' | 'running' | 'ended';
  startedAt?: number;
  endedAt?: number;
  outcome?: StepOutcome;
  /** What broke first in it. */
  cause?: Cause;
  /** Why it was skipped, if it was. */
  because?: SkipReason;
  /** What a person is asked for before it starts, only while that is waited for. */
  wants?: AskedView;
}

export type NodeView = GroupView | StepView | ServiceView;

interface Placed {
  readonly id: string;
  readonly name: string;
  /** 0 for what stands at the top of its stage. */
  readonly depth: number;
}

/** A question while its answer is waited for. */
export interface AskedView {
  readonly message: string;
  readonly choices: readonly Choice[];
  /** What is asked for besides. Absent: nothing. */
  readonly inputs?: readonly AskedInput[];
  readonly since: number;
}

/** What a person is asked of a step or group, and what the answer was. */
interface Asking {
  /** Only while an answer is waited for. */
  asked?: AskedView;
  /** The last one. */
  answered?: Pick<Answer, 'by' | 'comment'> & { readonly answer: Choice };
}

export interface GroupView extends Placed, Asking {
  readonly kind: 'group';
  state: 'pending' | 'running' | 'asking' | 'retrying' | 'ended';
  /** When its first attempt started. */
  startedAt?: number;
  endedAt?: number;
  attempt: number;
  outcome?: StepOutcome;
  /** How it ended, or its last attempt while it is being retried. */
  end?: GroupEnd;
  /** Why it was skipped, if it was. */
  because?: SkipReason;
}

export interface StepView extends Placed, Asking {
  readonly kind: 'step';
  /** Runs a command, or waits for a time or for a person. */
  readonly does: 'run' | 'wait' | 'approval';
  state: 'pending' | 'waiting' | 'running' | 'asking' | 'retrying' | 'ended';
  /** How long it waits, if that is what it does. */
  readonly durationMs?: number;
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
  /** The reports of its last attempt. */
  tests?: readonly TestFile[];
  /** What the run learnt from it, by the names that the run gives that. */
  outputs?: Readonly<Record<string, string>>;
  outcome?: StepOutcome;
  /** How it ended, or its last attempt while it is being retried. */
  end?: StepEnd;
  /** Why it was skipped, if it was. */
  because?: SkipReason;
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
  /** What a person is asked for before it starts, only while that is waited for. */
  wants?: AskedView;
  /** What its probes heard last, while it is not ready. */
  asked: readonly ProbeReport[];
  addresses: readonly ServiceAddress[];
  /** The reports that it left when it ended. */
  tests?: readonly TestFile[];
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
    variables: new Map(),
    stages: new Map(),
    nodes: new Map(),
    images: new Map(),
    warnings: [],
  };
  for (const { id, name, root } of event.plan.stages) {
    view.stages.set(id, { id, name, state: 'pending' });
    placeMembers(view, root, 0);
  }
  return view;
}

/** Everything below a group as it was before any of it began. */
export function resetMembers(view: RunView, { id, depth }: GroupView): void {
  const group = nodesOfPlan(view.plan).find((node) => node.id === id);
  if (group?.kind === 'group') placeMembers(view, group, depth + 1);
}

// Whoever is placed again keeps the place in the order that it had.
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
      return { kind: 'group', id, name, depth, state: 'pending', attempt: 0 };
    case 'run':
    case 'wait':
    case 'approval':
      return {
        kind: 'step',
        id,
        name,
        depth,
        does: node.kind,
        ...(node.kind === 'wait' && { durationMs: node.durationMs }),
        state: 'pending',
        waitsFor: [],
        attempt: 0,
      };
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
