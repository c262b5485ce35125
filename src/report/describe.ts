import { formatDuration } from '../base/duration.ts';
import { unreachable } from '../base/unreachable.ts';
import { describeLaunchFailure, takenBy } from '../event/describe-end.ts';
import { processNames } from '../event/process-names.ts';
import { cleanLine } from './clean.ts';
import { fit } from './width.ts';

import type { ProbeReport, ServiceEnd, SkipReason, StepEnd } from '../event/outcome.ts';
import type { RunView } from '../event/view.ts';

/** What is to be said about something that went wrong. */
export interface Explanation {
  /** One plain sentence without its full stop. */
  readonly sentence: string;
  /** What can be done about it, where that is known. */
  readonly hint?: string;
}

/** How a step came to its end, when it did not simply succeed. */
export function describeStepEnd(name: string, end: StepEnd): Explanation {
  const hint = end.kind === 'launch' ? launchHint(end.failure) : undefined;
  return { sentence: `step '${name}' ${stepFate(end)}`, ...(hint !== undefined && { hint }) };
}

/** What is said of the step, where its name is known already. */
export function stepFate(end: StepEnd): string {
  switch (end.kind) {
    case 'exited':
      return how('failed', end.exit);
    case 'launch':
      return noLaunch(end.failure);
    case 'timed-out':
      return end.isUnanswered === true
        ? `got no answer within ${roundly(end.afterMs)}`
        : `was stopped at its timeout of ${roundly(end.afterMs)}`;
    case 'rejected': {
      const why = end.comment === undefined ? '' : `: ${end.comment}`;
      return `was rejected by ${end.by}${why}`;
    }
    case 'unanswered':
      return `got no answer: ${end.detail}`;
    case 'needs':
      return `did not run: ${describeUnmet(end)}`;
    case 'cancelled':
      return 'was cancelled';
    default:
      return unreachable(end);
  }
}

/** How a service came to its end. */
export function describeServiceEnd(name: string, end: ServiceEnd): Explanation {
  const { sentence, ...rest } = serviceFate(end);
  return { sentence: `service '${name}' ${sentence}`, ...rest };
}

/** What is said of the service, where its name is known already. */
export function serviceFate(end: ServiceEnd): Explanation {
  switch (end.kind) {
    case 'start-error':
    case 'image': {
      const hint = launchHint(end.failure);
      return { sentence: noLaunch(end.failure), ...(hint !== undefined && { hint }) };
    }
    case 'port-taken':
      return {
        sentence: `cannot serve: port ${end.port} is taken${takenBy(end)}`,
        hint: `stop ${end.by ? 'it' : 'what has it'}, or give the service another port`,
      };
    case 'exited-early':
      return exitedEarly(end);
    case 'not-ready':
      return {
        sentence: `was not ready after ${roundly(end.afterMs)}: ${describeAsked(end.asked)}`,
        ...(end.listensOn && { hint: describePorts(end.listensOn) }),
      };
    case 'died':
      return {
        sentence: `${how('died', end.exit)} after ${formatDuration(end.afterMs)}`,
      };
    case 'out-of-memory':
      return { sentence: 'was killed because memory ran out' };
    case 'completed':
      return { sentence: `ended by itself after ${formatDuration(end.afterMs)}` };
    case 'stopped':
      return { sentence: 'was stopped' };
    case 'killed-after-grace':
      return {
        sentence: `had to be killed: it did not stop within ${roundly(end.graceMs)}`,
      };
    case 'lost':
      return { sentence: `was lost: ${end.detail}` };
    case 'skipped':
      return { sentence: `did not start: ${describeSkip(end.because)}` };
    default:
      return unreachable(end);
  }
}

function describePorts(ports: readonly number[]): string {
  if (ports.length === 0) return 'it listens on no port';
  return `it listens on port${ports.length > 1 ? 's' : ''} ${listed(ports.map(String))}`;
}

type Exit = Extract<StepEnd, { kind: 'exited' }>['exit'];
type LaunchFailure = Extract<StepEnd, { kind: 'launch' }>['failure'];

const noLaunch = (failure: LaunchFailure): string =>
  failure.kind === 'imageUnavailable'
    ? `could not get its image ${failure.image}: ${failure.detail}`
    : `could not start: ${describeLaunchFailure(failure)}`;

const launchHint = (failure: LaunchFailure): string | undefined =>
  failure.kind !== 'volumeMissing'
    ? undefined
    : failure.isHere === true
      ? 'share it with the machine that the container engine runs on'
      : 'make it before the step begins: by hand, or in a step before it';

function exitedEarly(end: Extract<ServiceEnd, { kind: 'exited-early' }>): Explanation {
  const sentence = `${how('ended', end.exit)} after ${formatDuration(end.afterMs)}, before it was ready`;
  if (end.leftBehind.length === 0) return { sentence };
  const left = processNames(end.leftBehind);
  // Only a start that went well can have meant to go to the background.
  const well = end.exit.kind === 'code' && end.exit.code === 0;
  return { sentence, hint: `it left ${left} behind${well ? ': run it in the foreground' : ''}` };
}

/** Why something never began, as what follows a colon. */
export function describeSkip(because: SkipReason): string {
  switch (because.kind) {
    case 'cancelled':
      return 'it was no longer wanted';
    case 'failure':
      return 'something else failed before';
    case 'success':
      return 'nothing failed before';
    case 'condition':
      return whichCondition(because);
    case 'needs':
      return describeUnmet(because);
    default:
      return unreachable(because);
  }
}

const whichCondition = ({ group, stage }: Extract<SkipReason, { kind: 'condition' }>): string =>
  group !== undefined
    ? `the condition of group '${group}' does not hold`
    : stage !== undefined
      ? `the condition of stage '${stage}' does not hold`
      : 'its condition does not hold';

const describeUnmet = ({
  service,
  isSkipped,
}: Omit<Extract<SkipReason, { kind: 'needs' }>, 'kind'>): string =>
  isSkipped === true
    ? `it needs service '${service}', which was skipped`
    : `service '${service}' cannot become ready`;

function how(verb: string, exit: Exit): string {
  switch (exit.kind) {
    case 'code':
      return `${verb} with exit code ${exit.code}`;
    case 'signal':
      return exit.by === 'engine'
        ? `was ended by somebody else (signal ${exit.signal} through the container engine)`
        : `${verb} on signal ${exit.signal}`;
    case 'outOfMemory':
      return `${verb} because memory ran out`;
    case 'lost':
      return `was lost: ${exit.detail}`;
    default:
      return unreachable(exit);
  }
}

/** What the probes that did not pass heard: which, how often, and the last answer. */
export function describeAsked(asked: readonly ProbeReport[]): string {
  const open = asked.filter(({ passed }) => !passed);
  if (open.length === 0) return 'nothing was asked yet';
  return open
    .map(({ probe, times, answer }) =>
      times === 0
        ? `${probe} was never asked`
        : `${probe} was asked ${count(times, 'time')}, last answer: ${briefly(answer)}`,
    )
    .join('; ');
}

/** A step's, service's or group's name, or its id where the plan does not know it. */
export const nameOf = (view: RunView, id: string): string => view.nodes.get(id)?.name ?? id;

/** The names of steps and services, as a list in a sentence. */
export const namesIn = (view: RunView, ids: readonly string[]): string =>
  listed(ids.map((id) => nameOf(view, id)));

/** An answer is shown up to so many columns; the journal has all of it. */
const widestAnswer = 200;

/**
 * What a probe heard, fit to stand within a sentence. Answers are cut here and not before: what is
 * cut before secrets are masked can show the beginning of one.
 */
export const briefly = (answer: string): string => fit(cleanLine(answer), widestAnswer, '...');

/** A duration that somebody chose: `10 s`, not `10.0 s`. */
export const roundly = (ms: number): string => formatDuration(ms).replace('.0 s', ' s');

/** `1 time`, `2 times`. */
export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** `a`, `a or b`, `a, b or c`. */
export const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? listed(words) : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
