import { isServiceFailure } from '../event/outcome.ts';

import type { ServiceEnd } from '../event/outcome.ts';
import type { Exit, Stopped, Task } from '../executor/executor.ts';
import type { OnExit } from '../plan/plan.ts';

/**
 * A background service, from its place in the list to its end.
 *
 *   waiting ─needsMet─▶ starting ─launched─▶ running ─probesPassed─▶ ready
 *                        ▲     │               │                     │
 *                     rested  stop       stop, probesFailed        stop
 *                        │     ▼               ▼                     │
 *                        │  cancelling ────▶ stopping ◀──────────────╯
 *                        │                     │ cleared
 *                    restarting ◀──────────────┼──────────▶ ended
 *                        ▲                     │ cleared
 *                        ╰────────────────── clearing ◀─exited─ running, ready
 *
 * `stopping`: we asked it to end. `clearing`: it ended by itself, and what it left behind is ended.
 * Not drawn: `ended` follows from waiting and restarting on stop, from waiting on passedOver, and
 * from starting and cancelling on launchFailed. A service without probes is ready once launched.
 */
export type ServiceState =
  | { kind: 'waiting' }
  | { kind: 'starting'; start: number }
  | { kind: 'cancelling'; start: number }
  | { kind: 'running'; start: number; task: Task }
  | { kind: 'ready'; start: number; task: Task }
  | { kind: 'stopping'; start: number; task: Task; fate: Fate }
  | { kind: 'clearing'; start: number; task: Task; fate: Fate }
  | { kind: 'restarting'; start: number; end: ServiceEnd }
  | { kind: 'ended'; end: ServiceEnd; verdict?: Verdict };

/** What a service that is on its way out will have come to: the first cause, carried along. */
export interface Fate {
  /** Absent: it was told to stop, and how it took that is not known yet. */
  readonly end?: ServiceEnd;
  /** Nobody wants it any more: it does not start again. */
  readonly final: boolean;
}

export type Verdict = 'fail' | 'ignore';

export type ServiceInput =
  | { kind: 'needsMet' }
  /** Its turn came, and it is not to start, or cannot. */
  | { kind: 'passedOver'; end: ServiceEnd }
  | { kind: 'launched'; task: Task }
  | { kind: 'launchFailed'; end: ServiceEnd }
  | { kind: 'probesPassed' }
  | { kind: 'probesFailed'; end: ServiceEnd }
  | { kind: 'exited'; exit: Exit; afterMs: number }
  | { kind: 'cleared'; exit: Exit; stopped: Stopped }
  | { kind: 'rested' }
  | { kind: 'stop' };

export type ServiceCommand =
  | { do: 'launch' }
  /** Give up the launch that is under way, if that can still be done. */
  | { do: 'abandon' }
  | { do: 'probe'; task: Task }
  | { do: 'stop'; task: Task }
  | { do: 'clear'; task: Task }
  | { do: 'rest'; delayMs: number }
  /** It is certain now that this fails the run, even if its end takes a while yet. */
  | { do: 'fail'; end: ServiceEnd }
  /** All is known by now of the end that has failed the run. */
  | { do: 'amend'; end: ServiceEnd };

/** What of a service's plan the rules go by. */
export interface ServiceRule {
  readonly onExit: OnExit;
  readonly hasProbes: boolean;
  readonly graceMs: number;
  /** Without its image it fails the run even where its other ends are ignored. */
  readonly needsImage?: boolean;
}

type Move = readonly [ServiceState, ...ServiceCommand[]];

type Of<U extends { kind: string }, K extends string> = Extract<U, { kind: K }>;

/** Every state answers every input; leaving a pair out does not compile. */
type Rules = {
  [S in ServiceState['kind']]: {
    [I in ServiceInput['kind']]:
      | ((state: Of<ServiceState, S>, input: Of<ServiceInput, I>, rule: ServiceRule) => Move)
      | typeof ignored
      | typeof impossible;
  };
};

/** A straggler: the input was true when sent and no longer matters. */
const ignored = 'ignored';

/** The input cannot follow this state. Getting it means we have a bug. */
const impossible = 'impossible';

/** What only a state can get that says so itself: it waits for it, or is the very end. */
const underWay = {
  needsMet: impossible,
  passedOver: impossible,
  launched: impossible,
  launchFailed: impossible,
  rested: impossible,
} as const;

const rules: Rules = {
  waiting: {
    ...underWay,
    needsMet: () => [{ kind: 'starting', start: 1 }, { do: 'launch' }],
    passedOver: (_, { end }, rule) => finish(end, rule, 'fail'),
    probesPassed: impossible,
    probesFailed: impossible,
    exited: impossible,
    cleared: impossible,
    stop: () => [{ kind: 'ended', end: notWanted }],
  },
  starting: {
    ...underWay,
    launched: ({ start }, { task }, rule) =>
      rule.hasProbes
        ? [
            { kind: 'running', start, task },
            { do: 'probe', task },
          ]
        : [{ kind: 'ready', start, task }],
    launchFailed: (_, { end }, rule) => finish(end, rule, 'fail'),
    probesPassed: ignored,
    probesFailed: ignored,
    exited: impossible,
    cleared: impossible,
    stop: ({ start }) => [{ kind: 'cancelling', start }, { do: 'abandon' }],
  },
  // A launch cannot always be recalled, so we wait for it and stop what it made.
  cancelling: {
    ...underWay,
    launched: ({ start }, { task }) => halt(start, task, { final: true }),
    launchFailed: () => [{ kind: 'ended', end: notWanted }],
    probesPassed: ignored,
    probesFailed: ignored,
    exited: impossible,
    cleared: impossible,
    stop: ignored,
  },
  running: {
    ...underWay,
    probesPassed: ({ start, task }) => [{ kind: 'ready', start, task }],
    probesFailed: ({ start, task }, { end }, rule) => [
      ...halt(start, task, { end, final: false }),
      ...failing(start, end, rule),
    ],
    exited: ({ start, task }, { exit, afterMs }, rule) =>
      clear(start, task, endBeforeReady(exit, afterMs), rule),
    cleared: impossible,
    stop: ({ start, task }) => halt(start, task, { final: true }),
  },
  ready: {
    ...underWay,
    probesPassed: ignored,
    probesFailed: ignored,
    exited: ({ start, task }, { exit, afterMs }, rule) =>
      clear(start, task, endOnceUp(exit, afterMs), rule),
    cleared: impossible,
    stop: ({ start, task }) => halt(start, task, { final: true }),
  },
  stopping: {
    ...underWay,
    probesPassed: ignored,
    probesFailed: ignored,
    exited: ignored,
    cleared: ({ start, fate }, { exit, stopped }, rule) =>
      leave(start, fate, fate.end ?? endOfStop(exit, stopped, rule), rule),
    stop: (state) => [{ ...state, fate: { ...state.fate, final: true } }],
  },
  clearing: {
    ...underWay,
    probesPassed: ignored,
    probesFailed: ignored,
    exited: impossible,
    cleared: ({ start, fate }, { exit, stopped }, rule) =>
      leave(start, fate, withLeftBehind(fate.end ?? endOfStop(exit, stopped, rule), stopped), rule),
    stop: (state) => [{ ...state, fate: { ...state.fate, final: true } }],
  },
  restarting: {
    ...underWay,
    probesPassed: ignored,
    probesFailed: ignored,
    exited: impossible,
    cleared: impossible,
    rested: ({ start }) => [{ kind: 'starting', start: start + 1 }, { do: 'launch' }],
    stop: ({ end }) => [{ kind: 'ended', end, verdict: 'ignore' }],
  },
  ended: {
    needsMet: ignored,
    passedOver: ignored,
    launched: impossible,
    launchFailed: impossible,
    probesPassed: ignored,
    probesFailed: ignored,
    exited: impossible,
    cleared: impossible,
    rested: ignored,
    stop: ignored,
  },
};

const notWanted: ServiceEnd = { kind: 'skipped', because: { kind: 'cancelled' } };

/** Answers an input: the next state, and what is to be done about it. Throws on our own bugs. */
export function advance(state: ServiceState, input: ServiceInput, rule: ServiceRule): Move {
  const answer = rules[state.kind][input.kind] as
    | ((state: ServiceState, input: ServiceInput, rule: ServiceRule) => Move)
    | typeof ignored
    | typeof impossible;
  if (answer === ignored) return [state];
  if (answer === impossible) {
    throw new Error(`A service got "${input.kind}" while "${state.kind}"`);
  }
  return answer(state, input, rule);
}

/** The pairs the table calls impossible, for the test that drives all the others. */
export const isImpossible = (state: ServiceState['kind'], input: ServiceInput['kind']): boolean =>
  rules[state][input] === impossible;

/** How long the n-th new start waits, `n` from 1. */
export const restartDelayMs = (backoffMs: number, nth: number): number =>
  Math.min(backoffMs * 2 ** (nth - 1), 60_000);

const halt = (start: number, task: Task, fate: Fate): Move => [
  { kind: 'stopping', start, task, fate },
  { do: 'stop', task },
];

const clear = (start: number, task: Task, end: ServiceEnd, rule: ServiceRule): Move => [
  { kind: 'clearing', start, task, fate: { end, final: false } },
  { do: 'clear', task },
  ...failing(start, end, rule),
];

/** Says at once that an end will fail the run, if that is certain. */
const failing = (start: number, end: ServiceEnd, rule: ServiceRule): ServiceCommand[] =>
  !mayRestart(start, end, rule) && judged(end, rule).verdict === 'fail'
    ? [{ do: 'fail', end }]
    : [];

const mayRestart = (start: number, end: ServiceEnd, { onExit }: ServiceRule): boolean =>
  onExit.kind === 'restart' && canRestart(end) && start <= onExit.times;

/** Nothing of it runs any more: it starts again, or that was its end. */
function leave(start: number, fate: Fate, end: ServiceEnd, rule: ServiceRule): Move {
  const { onExit } = rule;
  if (onExit.kind !== 'restart' || !mayRestart(start, end, rule)) return finish(end, rule, 'amend');
  if (fate.final) return [{ kind: 'ended', end, verdict: 'ignore' }];
  const delayMs = restartDelayMs(onExit.backoffMs, start);
  return [
    { kind: 'restarting', start, end },
    { do: 'rest', delayMs },
  ];
}

/** Its end, and what that means to the run: what it has failed by already is not news any more. */
function finish(end: ServiceEnd, rule: ServiceRule, tell: 'fail' | 'amend'): Move {
  const last = judged(end, rule);
  return last.verdict === 'fail' ? [last, { do: tell, end }] : [last];
}

/** A new start can mend what happened to a running process, not a file that is missing. */
const canRestart = ({ kind }: ServiceEnd): boolean =>
  kind === 'exited-early' || kind === 'not-ready' || kind === 'died' || kind === 'out-of-memory';

function judged(end: ServiceEnd, { onExit, needsImage }: ServiceRule): Of<ServiceState, 'ended'> {
  const unmet = end.kind === 'skipped' && end.because.kind === 'needs';
  if (!unmet && !isServiceFailure(end)) return { kind: 'ended', end };
  const isIgnored = onExit.kind === 'ignore' && !(needsImage === true && end.kind === 'image');
  return { kind: 'ended', end, verdict: isIgnored ? 'ignore' : 'fail' };
}

function endBeforeReady(exit: Exit, afterMs: number): ServiceEnd {
  if (exit.kind === 'outOfMemory') return { kind: 'out-of-memory' };
  if (exit.kind === 'lost') return { kind: 'lost', detail: exit.detail };
  return { kind: 'exited-early', exit, afterMs, leftBehind: [] };
}

function endOnceUp(exit: Exit, afterMs: number): ServiceEnd {
  if (exit.kind === 'outOfMemory') return { kind: 'out-of-memory' };
  if (exit.kind === 'lost') return { kind: 'lost', detail: exit.detail };
  if (exit.kind === 'code' && exit.code === 0) return { kind: 'completed', afterMs };
  return { kind: 'died', exit, afterMs };
}

/** A grace of zero asks for the kill, so that one is no reproach. */
const endOfStop = (exit: Exit, { killed }: Stopped, { graceMs }: ServiceRule): ServiceEnd =>
  killed && graceMs > 0 ? { kind: 'killed-after-grace', graceMs } : { kind: 'stopped', exit };

function withLeftBehind(end: ServiceEnd, { leftBehind }: Stopped): ServiceEnd {
  const tells = end.kind === 'completed' && leftBehind.length > 0;
  return tells || end.kind === 'exited-early' ? { ...end, leftBehind } : end;
}
