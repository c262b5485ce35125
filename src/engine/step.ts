import { isAborted } from '../base/abort.ts';
import { unreachable } from '../base/unreachable.ts';
import { describeLaunchFailure } from '../event/describe-end.ts';
import { askInputs } from './ask-inputs.ts';
import { askWhatToDo } from './ask-what-to-do.ts';
import { passBarrier } from './barrier.ts';
import { attemptCommand } from './command-attempt.ts';
import { failureKindOf } from './failure-kind.ts';
import { getApproval } from './get-approval.ts';
import { paceOf, rulesOf } from './pace.ts';
import { passTime } from './pass-time.ts';
import { Remedies } from './remedies.ts';
import { servicesInSight } from './services-in-sight.ts';
import { skip } from './skip.ts';
import { imageOf } from './task-wish.ts';

import type { Cause, StepEnd, StepOutcome } from '../event/outcome.ts';
import type { LaunchFailure } from '../executor/executor.ts';
import type { ApprovalStep, RunStep, WaitStep } from '../plan/plan.ts';
import type { Surroundings } from './attempt.ts';
import type { Decision } from './remedies.ts';
import type { StageContext } from './run-context.ts';

/** What runs to its end when its turn comes. */
export type Step = RunStep | WaitStep | ApprovalStep;

/**
 * A service that broke takes the steps that use it along, and its end may be heard of a moment
 * later than theirs. So long a failed step waits before it is blamed.
 */
const blameDelayMs = 150;

/**
 * Runs one step to its end, tells about it, and answers its outcome. A failure of the step's own is
 * told to what it runs in as the cause, unless the pipeline says that something else is done about it.
 */
export async function runStep(
  step: Step,
  context: StageContext,
  around: Surroundings,
): Promise<StepOutcome> {
  const { recorder, clock, gate } = context;
  const { signal } = around;
  let failed = await makeReady(step, context, signal);
  // It may have been paused while the step waited for its services, which may have changed since.
  while (!failed && !signal.aborted && gate.holdsUp(step, true)) {
    await gate.wait(step, true, signal);
    failed = await passBarrier(step, context, signal);
  }
  if (signal.aborted) {
    // What ended is what ran, and it may be for what comes after that.
    if (!around.signal.aborted && around.course?.lets(step.after) === true)
      return runStep(step, context, around);
    skip(step, around.skipReason, context, around);
    return 'cancelled';
  }
  const pace = paceOf(step, context.variables);
  if (!pace.ok) return refuseStep(step, pace.failure, context, around);
  const { rules, timeoutMs } = pace.value;
  const remedies = new Remedies(rules);
  for (let attempt = 1; ; attempt++) {
    if (!failed) {
      const image = step.kind === 'run' ? imageOf(step.command, context) : {};
      recorder.event({ type: 'step.started', step: step.id, attempt, ...image });
      failed = await attemptStep(step, timeoutMs, context, signal);
      if (!failed) return end(step, context, 'succeeded');
    }
    const decision = await decide(step, failed, remedies, context, around);
    if (decision.kind !== 'retry') return conclude(step, failed, decision, context, around);
    const { delayMs } = decision;
    recorder.event({ type: 'step.retrying', step: step.id, attempt, end: failed, delayMs });
    await clock.sleep(delayMs, signal);
    failed = await makeReady(step, context, signal);
    if (isAborted(signal)) return end(step, context, 'cancelled', { kind: 'cancelled' });
  }
}

/** What it asks for is known, and what it relies on is ready. Nothing: so it is. */
async function makeReady(
  step: Step,
  context: StageContext,
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
  const unanswered = step.asks && (await askInputs(step, context, signal));
  return unanswered ?? (await passBarrier(step, context, signal));
}

/** Says of a step that it cannot begin. */
export async function refuseStep(
  step: Step,
  detail: string,
  context: StageContext,
  around: Surroundings,
): Promise<StepOutcome> {
  const failure: LaunchFailure = { kind: 'refused', detail };
  const decision = new Remedies(rulesOf(step)).atLast();
  await hearOfServices(step, context, around);
  return conclude(step, { kind: 'launch', failure }, decision, context, around);
}

/** Nothing: it succeeded. */
function attemptStep(
  step: Step,
  timeoutMs: number | undefined,
  context: StageContext,
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
  switch (step.kind) {
    case 'run':
      return attemptCommand(step, timeoutMs, context, signal);
    case 'wait':
      return passTime(step, timeoutMs, context, signal);
    case 'approval':
      return getApproval(step, timeoutMs, context, signal);
    default:
      return unreachable(step);
  }
}

/** What is done about the failure of an attempt. */
async function decide(
  step: Step,
  failed: StepEnd,
  remedies: Remedies,
  context: StageContext,
  around: Surroundings,
): Promise<Decision> {
  const { signal } = around;
  if (failed.kind === 'cancelled' || isOfThePlace(failed) || isAborted(signal))
    return { kind: 'fail' };
  let remedy = remedies.against(failureKindOf(failed));
  if (remedy.kind !== 'retry') await hearOfServices(step, context, around);
  for (;;) {
    if (isAborted(signal)) return { kind: 'fail' };
    const settled = remedies.settle(remedy, (wish) =>
      around.beginAnew(wish, causeOf(step, failed)),
    );
    if (settled.kind !== 'ask') return settled;
    const about = { step: step.id, name: step.name, end: failed };
    const said = await askWhatToDo(about, settled, context, signal);
    remedy = said ?? remedies.resolve(settled.then);
  }
}

async function hearOfServices(
  step: Step,
  context: StageContext,
  { signal }: Surroundings,
): Promise<void> {
  const relied = servicesInSight(step, context).length > 0;
  if (relied && !signal.aborted) await context.clock.sleep(blameDelayMs, signal);
}

/** Ends a step that did not succeed of itself. What follows from that waits while the run is paused. */
async function conclude(
  step: Step,
  failed: StepEnd,
  decision: Exclude<Decision, { kind: 'retry' }>,
  context: StageContext,
  around: Surroundings,
): Promise<StepOutcome> {
  if (failed.kind === 'cancelled') return end(step, context, 'cancelled', failed);
  if (isOfThePlace(failed)) return end(step, context, 'failed', failed);
  const isMended = decision.kind === 'ignore' || decision.kind === 'succeed';
  if (isMended && !isAborted(around.signal))
    return end(step, context, decision.kind === 'ignore' ? 'ignored' : 'succeeded', failed);
  const outcome = failed.kind === 'timed-out' ? 'timed-out' : 'failed';
  const cause = causeOf(step, failed);
  const follow = (): void => {
    if (decision.kind === 'abort') around.abort(cause);
    else if (decision.kind !== 'anew') around.fail(cause);
  };
  const isLast =
    decision.kind === 'abort' || (decision.kind === 'fail' && !around.mends(failureKindOf(failed)));
  // What it runs in hears of no second failure, but the run does hear that it has failed by this one.
  const isMoot = isAborted(decision.kind === 'abort' ? context.signal : around.signal);
  if (!isLast || isMoot || !context.gate.holdsFailures) {
    follow();
    return end(step, context, outcome, failed);
  }
  end(step, context, outcome, failed);
  const followed = Promise.withResolvers<undefined>();
  context.gate.fail(cause, () => {
    follow();
    followed.resolve(undefined);
  });
  await followed.promise;
  return outcome;
}

/** What the run has failed by already, whatever the pipeline says about failures. */
const isOfThePlace = (end: StepEnd): boolean =>
  end.kind === 'launch' && end.failure.kind === 'environment';

/** The user's own check that said no; or that there was no image to run it in, for which no check is to blame. */
const causeOf = ({ id }: Step, end: StepEnd): Cause =>
  end.kind === 'launch' && end.failure.kind === 'imageUnavailable'
    ? { kind: 'environment', task: id, detail: describeLaunchFailure(end.failure) }
    : { kind: 'step', step: id, end };

function end(
  { id: step }: Step,
  { recorder }: StageContext,
  outcome: StepOutcome,
  why?: StepEnd,
): StepOutcome {
  recorder.event({ type: 'step.ended', step, outcome, ...(why && { end: why }) });
  return outcome;
}
