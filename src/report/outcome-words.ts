import { formatDuration } from '../base/duration.ts';
import { isServiceFailure } from '../event/outcome.ts';
import { unreachable } from '../base/unreachable.ts';
import { describeExit, describeLaunchFailure } from '../event/describe-end.ts';
import { addressTexts } from './addresses.ts';
import { count, describeSkip, roundly } from './describe.ts';
import { signsOf } from './look.ts';

import type { ServiceEnd, SkipReason, StepEnd, StepOutcome } from '../event/outcome.ts';
import type { GroupView, NodeView, ServiceView, StageView, StepView } from '../event/view.ts';
import type { Look, Tone } from './look.ts';

/** How one row of a summary reads. */
export interface OutcomeWords {
  readonly sign: string;
  readonly tone: Tone;
  readonly outcome: string;
  /** Facts worth a glance, the most telling one first. */
  readonly notes: readonly string[];
}

/** What became of a step, service or group, in as few words as possible. */
export function outcomeWords(node: NodeView, look: Look): OutcomeWords {
  switch (node.kind) {
    case 'group':
      return {
        ...signOf(node.outcome, look),
        outcome: node.outcome ?? unended(node),
        notes: groupNotes(node),
      };
    case 'step':
      return {
        ...signOf(node.outcome, look),
        outcome: node.outcome ?? unended(node),
        notes: stepNotes(node),
      };
    case 'service':
      return {
        ...serviceSign(node, look),
        outcome: serviceOutcome(node),
        notes: serviceNotes(node),
      };
    default:
      return unreachable(node);
  }
}

/** What became of a stage; what went wrong in it stands at its steps. */
export function stageWords(stage: StageView, look: Look): OutcomeWords {
  const { cause, outcome, because } = stage;
  const end = cause?.kind === 'stage' ? cause.end : undefined;
  return {
    ...signOf(outcome, look),
    outcome: outcome ?? unended(stage),
    notes: [
      'stage',
      ...(end?.kind === 'refused' ? [end.detail] : []),
      ...(end?.kind === 'timed-out' ? [`timeout of ${roundly(end.afterMs)}`] : []),
      ...skipNotes(because),
    ],
  };
}

const unended = ({ state }: StepView | GroupView | StageView): string =>
  state === 'pending' ? 'not run' : state;

function signOf(outcome: StepOutcome | undefined, look: Look): { sign: string; tone: Tone } {
  const signs = signsOf(look);
  switch (outcome) {
    case 'succeeded':
      return { sign: signs.good, tone: 'good' };
    case 'failed':
    case 'timed-out':
      return { sign: signs.bad, tone: 'bad' };
    case 'ignored':
      return { sign: signs.warning, tone: 'warn' };
    case 'skipped':
    case 'cancelled':
      return { sign: signs.skipped, tone: 'dim' };
    case undefined:
      return { sign: signs.pending, tone: 'dim' };
    default:
      return unreachable(outcome);
  }
}

function serviceSign({ end, verdict }: ServiceView, look: Look): { sign: string; tone: Tone } {
  if (!end) return signOf(undefined, look);
  if (verdict === 'ignore' || end.kind === 'killed-after-grace') return signOf('ignored', look);
  if (isServiceFailure(end)) return signOf('failed', look);
  return signOf(end.kind === 'skipped' ? 'skipped' : 'succeeded', look);
}

const endWords: Readonly<Record<ServiceEnd['kind'], string>> = {
  'start-error': 'not started',
  image: 'no image',
  'port-taken': 'port taken',
  'exited-early': 'exited early',
  'not-ready': 'not ready',
  died: 'died',
  'out-of-memory': 'out of memory',
  completed: 'completed',
  stopped: 'stopped',
  'killed-after-grace': 'killed',
  lost: 'lost',
  skipped: 'skipped',
};

const serviceOutcome = ({ end, state }: ServiceView): string =>
  end ? endWords[end.kind] : state === 'pending' ? 'not run' : state;

function stepNotes(step: StepView): string[] {
  const { end, attempt, waitingSince, startedAt } = step;
  const waited =
    waitingSince === undefined || startedAt === undefined ? 0 : startedAt - waitingSince;
  return [
    ...(end ? stepEndNotes(end) : []),
    ...countsNotes(step),
    ...answerNotes(step),
    ...skipNotes(step.because),
    ...(attempt > 1 ? [count(attempt, 'attempt')] : []),
    ...(waited >= 100 ? [`waited ${formatDuration(waited)}`] : []),
    ...imageNotes(step),
  ];
}

/** What became of its last attempt stands at its steps. */
const groupNotes = (group: GroupView): string[] => {
  const { end, attempt, because } = group;
  return [
    ...(end?.kind === 'refused' ? [end.detail] : []),
    ...(end?.kind === 'timed-out' ? [`timeout of ${roundly(end.afterMs)}`] : []),
    ...countsNotes(group),
    ...skipNotes(because),
    ...(attempt > 1 ? [count(attempt, 'attempt')] : []),
  ];
};

/** What failed and is taken for a success. */
const countsNotes = ({ outcome, end }: StepView | GroupView): string[] =>
  outcome === 'succeeded' && end ? ['counts as succeeded'] : [];

const answerNotes = ({ does, answered }: StepView): string[] =>
  does === 'approval' && answered?.answer === 'approve' ? [`approved by ${answered.by}`] : [];

/** Behind a failure there is nothing to be said about being skipped. */
function skipNotes(because: SkipReason | undefined): string[] {
  if (because?.kind === 'needs') return [`needs '${because.service}'`];
  return because?.kind === 'condition' ? [describeSkip(because)] : [];
}

/** Of what is worth a word: the pull is a part of the duration that is shown. */
const imageNotes = ({ imageWaitMs = 0 }: StepView | ServiceView): string[] =>
  imageWaitMs >= 100 ? [`waited ${formatDuration(imageWaitMs)} for its image`] : [];

function stepEndNotes(end: StepEnd): string[] {
  switch (end.kind) {
    case 'exited':
      return [describeExit(end.exit)];
    case 'launch':
      return [describeLaunchFailure(end.failure)];
    case 'needs':
      return [`needs '${end.service}'`];
    case 'rejected':
      return [`rejected by ${end.by}${end.comment === undefined ? '' : `: ${end.comment}`}`];
    case 'unanswered':
      return ['no answer'];
    case 'timed-out':
      return [end.isUnanswered === true ? 'no answer' : `timeout of ${roundly(end.afterMs)}`];
    case 'cancelled':
      return [];
    default:
      return unreachable(end);
  }
}

function serviceNotes(service: ServiceView): string[] {
  const { end, restarts, addresses, readyAfterMs } = service;
  const exit = end && 'exit' in end && end.kind !== 'stopped' ? [describeExit(end.exit)] : [];
  return [
    'service',
    ...exit,
    ...(end && 'failure' in end ? [describeLaunchFailure(end.failure)] : []),
    ...(end?.kind === 'port-taken' ? [`port ${end.port}`] : []),
    ...(end?.kind === 'killed-after-grace' ? [`after ${roundly(end.graceMs)} of grace`] : []),
    ...(end?.kind === 'skipped' ? skipNotes(end.because) : []),
    ...(restarts > 0 ? [count(restarts, 'restart')] : []),
    ...(readyAfterMs === undefined ? [] : [`ready after ${formatDuration(readyAfterMs)}`]),
    ...imageNotes(service),
    ...addressTexts(addresses),
  ];
}
