import { isServiceFailure } from '../../event/outcome.ts';
import { unreachable } from '../../base/unreachable.ts';

import type {
  GroupView,
  ServiceState,
  ServiceView,
  StageView,
  StepView,
} from '../../event/view.ts';
import type { Shown } from './chart.ts';

/** What something was about for a while. */
export type Phase =
  'waiting' | 'asking' | 'starting' | 'running' | 'ready' | 'restarting' | 'stopping';

/** A while, in milliseconds since the run began. */
export interface Bar {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
  /** It has not come to its end. */
  readonly goesOn: boolean;
}

/** When the run began, and how far it has come. */
export interface Times {
  readonly begin: number;
  readonly end: number;
  /** It will come no further. */
  readonly isOver: boolean;
}

/** What there is to be drawn of something, in order. */
export function bars(shown: Shown, { begin, end, isOver }: Times): Bar[] {
  return phases(shown).map(({ phase, from, to }) => ({
    ...{ phase, from: from - begin, to: Math.max(from, to ?? end) - begin },
    goesOn: to === undefined && !isOver,
  }));
}

/** When it broke, in milliseconds since the run began. */
export function breaks(shown: Shown, { begin }: Times): number[] {
  const restarts =
    shown.kind === 'service' ? shown.history.filter(({ state }) => state === 'restarting') : [];
  const times = restarts.map(({ at }) => at);
  if (shown.endedAt !== undefined && endedBadly(shown)) times.push(shown.endedAt);
  return times.map((at) => at - begin);
}

interface Stretch {
  readonly phase: Phase;
  readonly from: number;
  /** Absent: it goes on. */
  readonly to: number | undefined;
}

function phases(shown: Shown): Stretch[] {
  switch (shown.kind) {
    case 'stage':
    case 'group':
      return phasesOfGroup(shown);
    case 'step':
      return phasesOfStep(shown);
    case 'service':
      return phasesOfService(shown);
    default:
      return unreachable(shown);
  }
}

const phasesOfGroup = ({ startedAt, endedAt }: GroupView | StageView): Stretch[] =>
  startedAt === undefined ? [] : [{ phase: 'running', from: startedAt, to: endedAt }];

function phasesOfStep(step: StepView): Stretch[] {
  const { waitingSince, startedAt, endedAt, asked, does } = step;
  const found: Stretch[] = [];
  if (waitingSince !== undefined)
    found.push({ phase: 'waiting', from: waitingSince, to: startedAt ?? endedAt });
  const ran = { run: 'running', wait: 'waiting', approval: 'asking' } as const;
  if (startedAt !== undefined)
    found.push({ phase: ran[does], from: startedAt, to: asked?.since ?? endedAt });
  if (asked) found.push({ phase: 'asking', from: asked.since, to: undefined });
  return found;
}

function phasesOfService({ history, isProbed }: ServiceView): Stretch[] {
  const found: Stretch[] = [];
  for (const [index, { state, at }] of history.entries()) {
    const phase = phaseOf(state, isProbed);
    const before = found.at(-1);
    const to = history[index + 1]?.at;
    if (phase === undefined) continue;
    // It runs, and is still starting as long as it is not ready.
    if (before?.phase === phase && before.to === at) found[found.length - 1] = { ...before, to };
    else found.push({ phase, from: at, to });
  }
  return found;
}

function phaseOf(state: ServiceState, isProbed: boolean): Phase | undefined {
  switch (state) {
    case 'pending':
    case 'ended':
      return undefined;
    case 'running':
      return isProbed ? 'starting' : 'running';
    default:
      return state;
  }
}

function endedBadly(shown: Shown): boolean {
  if (shown.kind === 'service') return shown.end !== undefined && isServiceFailure(shown.end);
  const { outcome } = shown;
  return outcome === 'failed' || outcome === 'timed-out' || outcome === 'ignored';
}
