import { waitForAbort } from '../base/abort.ts';
import { launch, openSandbox } from './launch.ts';
import { learnOutputs } from './learn-outputs.ts';
import { leftoverWarnings } from './leftovers.ts';
import { readTests } from './read-tests.ts';
import { timeMarkOf } from './script.ts';
import { unknownHosts } from './unknown-host.ts';
import { endTask, leftoverStop, pump } from './task-watch.ts';

import type { StepEnd } from '../event/outcome.ts';
import type { LaunchFailure, StopHow, Stopped, Task } from '../executor/executor.ts';
import type { RunStep } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

const cancelStop: StopHow = { signal: 'TERM', graceMs: 10_000 };

/** Runs the command of a step once. Nothing: it succeeded. */
export async function attemptCommand(
  step: RunStep,
  timeoutMs: number | undefined,
  context: StageContext,
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
  const opened = await openSandbox(step, context, signal);
  if (!opened.ok) return endOf(opened.failure);
  const began = context.clock.now();
  const launched = await launch(step, opened.value, context, signal);
  if (!launched.ok) return endOf(launched.failure);
  const { task } = launched.value;
  const sink = context.recorder.output(step.id, timeMarkOf(step.command.run, context.timeMark));
  const pumped = pump(task, sink);
  const failed = await watch(task, step, timeoutMs, context, signal);
  await pumped;
  await readTests(step, began, context, failed?.kind === 'cancelled');
  if (!failed) await learnOutputs(step, task, context);
  if (failed?.kind === 'exited') {
    const said = sink.lastLines();
    const doubts = [...(await task.doubts(said)), ...unknownHosts(step, said, context)];
    for (const text of doubts) context.recorder.event({ type: 'warning', about: step.id, text });
  }
  return failed;
}

const endOf = (failure: LaunchFailure): StepEnd =>
  failure.kind === 'abandoned' ? { kind: 'cancelled' } : { kind: 'launch', failure };

/** Waits for the first of: its own end, its timeout, the run's end. Leaves nothing of it running. */
async function watch(
  task: Task,
  step: RunStep,
  timeoutMs: number | undefined,
  context: StageContext,
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
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
