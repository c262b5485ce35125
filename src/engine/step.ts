import { isAborted } from '../base/abort.ts';
import { describeLaunchFailure } from '../event/describe-end.ts';
import { launch, openSandbox, servicesInSight } from './launch.ts';
import { leftoverWarnings } from './leftovers.ts';
import { timeMarkOf } from './script.ts';
import { skip } from './skip.ts';
import { paceOf } from './pace.ts';
import { imageOf } from './task-spec.ts';
import { endTask, leftoverStop, pump } from './task-watch.ts';

import type { Cause, StepEnd, StepOutcome } from '../event/outcome.ts';
import type { LaunchFailure, StopHow, Stopped, Task } from '../executor/executor.ts';
import type { RunStep } from '../plan/plan.ts';
import type { Surroundings } from './attempt.ts';
import type { StageContext } from './run-context.ts';
import type { Pace } from './pace.ts';
import type { Service } from './service.ts';

/** How one attempt went. Nothing: it succeeded. */
type Attempt = StepEnd | undefined;

const cancelStop: StopHow = { signal: 'TERM', graceMs: 10_000 };

/**
 * A service that broke takes the steps that use it along, and its end may be heard of a moment
 * later than theirs. So long a failed step waits before it is blamed.
 */
const blameDelayMs = 150;

/**
 * Runs one step to its end, tells about it, and answers its outcome. A failure of the step's own is
 * told to what it runs in as the cause, unless the pipeline said to go on.
 */
export async function runStep(
  step: RunStep,
  context: StageContext,
  around: Surroundings,
): Promise<StepOutcome> {
  const { recorder } = context;
  const { signal } = around;
  let unmet = await passBarrier(step, context, signal);
  if (signal.aborted) {
    skip(step, around.skipReason, context, around);
    return 'cancelled';
  }
  const pace = paceOf(step, context.variables);
  if (!pace.ok) return refuseStep(step, pace.failure, context, around);
  const { attempts, backoffMs: delayMs } = pace.value;
  for (let attempt = 1; ; attempt++) {
    if (unmet) return blame(step, context, unmet, around);
    const image = imageOf(step.command, context);
    recorder.event({ type: 'step.started', step: step.id, attempt, ...image });
    const failed = await attemptStep(step, pace.value, context, signal);
    if (!failed) return end(step, context, 'succeeded');
    if (attempt >= attempts || isAborted(signal) || failed.kind === 'cancelled') {
      return blame(step, context, failed, around);
    }
    recorder.event({ type: 'step.retrying', step: step.id, attempt, end: failed, delayMs });
    await context.clock.sleep(delayMs, signal);
    unmet = await passBarrier(step, context, signal);
    if (isAborted(signal)) return end(step, context, 'cancelled', { kind: 'cancelled' });
  }
}

/** Says of a step that it cannot begin. */
export function refuseStep(
  step: RunStep,
  detail: string,
  context: StageContext,
  around: Surroundings,
): Promise<StepOutcome> {
  const failure: LaunchFailure = { kind: 'refused', detail };
  return blame(step, context, { kind: 'launch', failure }, around);
}

/**
 * The barrier: waits until every service before the step can be relied on at one moment. A service
 * whose failure the pipeline ignores holds nobody up; one that the step `needs` must be there.
 */
async function passBarrier(
  step: RunStep,
  context: StageContext,
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
  const inSight = servicesInSight(step, context).map(({ id }) => context.services.get(id)!);
  const waitsFor = inSight.filter((service) => !service.isReady && !service.end);
  if (waitsFor.length > 0) {
    const services = waitsFor.map(({ spec }) => spec.id);
    context.recorder.event({ type: 'step.waiting', step: step.id, services });
  }
  const needed = step.needs.map((id) => context.services.get(id)!);
  for (;;) {
    const allSettled = Promise.all(inSight.map((service) => service.settled(signal)));
    const endOfNeeded = needed.filter(({ end }) => !end).map((service) => service.gone(signal));
    await Promise.race([allSettled, ...endOfNeeded]);
    if (signal.aborted) return undefined;
    const gone = needed.find(({ end }) => end && end.end.kind !== 'completed');
    if (gone) return { kind: 'needs', ...gone.asUnmet };
    if (inSight.every(canBeReliedOn)) return undefined;
  }
}

const canBeReliedOn = (service: Service): boolean => service.isReady || service.end !== undefined;

async function attemptStep(
  step: RunStep,
  pace: Pace,
  context: StageContext,
  signal: AbortSignal,
): Promise<Attempt> {
  const opened = await openSandbox(step, context);
  if (!opened.ok) return { kind: 'cancelled' };
  const launched = await launch(step, opened.value, context, signal);
  if (!launched.ok) {
    const { failure } = launched;
    const isOurs = failure.kind === 'abandoned' || failure.kind === 'environment';
    return isOurs ? { kind: 'cancelled' } : { kind: 'launch', failure };
  }
  const { task } = launched.value;
  const pumped = pump(
    task,
    context.recorder.output(step.id, timeMarkOf(step.command.run, context.timeMark)),
  );
  const failed = await watch(task, step, pace, context, signal);
  await pumped;
  if (failed?.kind === 'exited') await tellDoubts(task, step, context);
  return failed;
}

async function tellDoubts(task: Task, { id }: RunStep, { recorder }: StageContext): Promise<void> {
  for (const text of await task.doubts()) recorder.event({ type: 'warning', about: id, text });
}

/** Waits for the first of: its own end, its timeout, the run's end. Leaves nothing of it running. */
async function watch(
  task: Task,
  step: RunStep,
  { timeoutMs }: Pace,
  context: StageContext,
  signal: AbortSignal,
): Promise<Attempt> {
  const { clock, forced, recorder } = context;
  const decided = new AbortController();
  const first = await Promise.race([
    task.exited,
    waitForAbort(signal, decided.signal),
    ...(timeoutMs === undefined ? [] : [expire(timeoutMs)]),
  ]);
  decided.abort();
  if (typeof first !== 'string') {
    tellLeftovers(await endTask(task, leftoverStop, forced));
    return first.kind === 'code' && first.code === 0 ? undefined : { kind: 'exited', exit: first };
  }
  tellLeftovers(await endTask(task, cancelStop, forced));
  return first === 'aborted'
    ? { kind: 'cancelled' }
    : { kind: 'timed-out', afterMs: timeoutMs ?? 0 };

  function tellLeftovers(stopped: Stopped): void {
    for (const text of leftoverWarnings(stopped)) {
      recorder.event({ type: 'warning', about: step.id, text });
    }
  }

  async function expire(ms: number): Promise<'expired'> {
    await clock.sleep(ms, decided.signal);
    return 'expired';
  }
}

function waitForAbort(signal: AbortSignal, decided: AbortSignal): Promise<'aborted'> {
  const { promise, resolve } = Promise.withResolvers<'aborted'>();
  if (signal.aborted) resolve('aborted');
  signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: decided });
  return promise;
}

/** Ends a step that did not succeed, and finds out whose fault that was. */
async function blame(
  step: RunStep,
  context: StageContext,
  failed: StepEnd,
  around: Surroundings,
): Promise<StepOutcome> {
  const { signal } = around;
  if (failed.kind === 'cancelled') return end(step, context, 'cancelled', failed);
  const relied = servicesInSight(step, context).length > 0;
  if (relied && !signal.aborted) await context.clock.sleep(blameDelayMs, signal);
  if (step.continueOnFail === true && !isAborted(signal))
    return end(step, context, 'ignored', failed);
  around.fail(causeOf(step, failed));
  return end(step, context, failed.kind === 'timed-out' ? 'timed-out' : 'failed', failed);
}

/** The user's own check that said no; or that there was no image to run it in, for which no check is to blame. */
const causeOf = ({ id }: RunStep, end: StepEnd): Cause =>
  end.kind === 'launch' && end.failure.kind === 'imageUnavailable'
    ? { kind: 'environment', task: id, detail: describeLaunchFailure(end.failure) }
    : { kind: 'step', step: id, end };

function end(
  { id: step }: RunStep,
  { recorder }: StageContext,
  outcome: StepOutcome,
  why?: StepEnd,
): StepOutcome {
  recorder.event({ type: 'step.ended', step, outcome, ...(why && { end: why }) });
  return outcome;
}
