import { isTask, nodesOf, servicesBefore, servicesOf } from '../plan/order.ts';
import { closingWith } from './group.ts';
import { runMembers } from './members.ts';
import { Sandboxes } from './sandboxes.ts';
import { Service } from './service.ts';
import { StageScope } from './stage-scope.ts';
import { stopServices } from './stop-services.ts';

import type { Cause, StepOutcome } from '../event/outcome.ts';
import type { Executor } from '../executor/executor.ts';
import type { Command, Stage } from '../plan/plan.ts';
import type { RunContext, StageContext } from './run-context.ts';
import type { RunScope } from './run-scope.ts';

export interface StageWorld {
  readonly runId: string;
  readonly workspace: string;
  executorFor(command: Command): Executor;
  /** Whether what can be left up of a stage is to be, since it has failed for this cause. */
  mayKeep(cause: Cause | undefined): boolean;
}

/** What became of a stage. */
export interface StageResult {
  readonly outcome: StepOutcome;
  /** The commands by which one gets into what was left up. */
  readonly kept: readonly string[];
}

/**
 * Runs one stage: begins to open what its tasks share, runs its steps, stops
 * its services, and removes everything that was opened. Never leaves anything behind, whatever
 * happened, unless it is to be kept.
 */
export async function runStage(
  stage: Stage,
  run: RunContext,
  runScope: RunScope,
  world: StageWorld,
): Promise<StageResult> {
  run.recorder.event({ type: 'stage.started', stage: stage.id });
  const scope = new StageScope(stage, runScope);
  const inside = { ...run, signal: scope.over };
  const sandboxes = new Sandboxes(stage, world, inside);
  const services = new Map<string, Service>();
  for (const node of nodesOf(stage.root))
    if (isTask(node)) void sandboxes.get(world.executorFor(node.command));
  const follow = (cause: Cause, take: (wasWanted: boolean) => void): void => {
    // In a pause it is held back, and another stage may have ended the run by then.
    const wasWanted = !scope.over.aborted;
    run.gate.fail(cause, () => take(wasWanted));
  };
  const context: StageContext = {
    ...inside,
    fail: (cause) => follow(cause, (wasWanted) => scope.break(cause, wasWanted)),
    amend: (cause) => follow(cause, (wasWanted) => scope.amend(cause, wasWanted)),
    services,
    servicesNeedImages: stage.failing === 'in-order',
    before: servicesBefore(stage),
    toldMissing: new Set(),
    told: stage.around?.environment ?? [],
    runId: world.runId,
    sandboxFor: (command) => sandboxes.get(world.executorFor(command)),
    opened: () => sandboxes.all,
    openedFor: (command) => sandboxes.opened(world.executorFor(command)),
  };
  for (const spec of servicesOf(stage.root)) services.set(spec.id, new Service(spec, context));
  let commands: readonly string[];
  let isDone: boolean;
  try {
    isDone = await withinTime(stage, scope, run, () => runMembers(stage.root, context, scope));
    await inNoPause(run);
    await stopServices(closingWith(stage.root, context));
    // What fails while they stop may be held back, too.
    await inNoPause(run);
    const kept = world.mayKeep(scope.cause) ? await sandboxes.keep() : undefined;
    const all = [...services.values()];
    for (const service of all) if (kept?.holds(service.sandbox)) service.leave();
    await stopServices(all.filter((service) => !service.isLeft));
    await inNoPause(run);
    commands = kept?.commands ?? [];
  } finally {
    await sandboxes.close();
  }
  const { cause } = scope;
  // Once the run has lost its point, nobody is to blame for a service that breaks while it stops.
  const broke = [...services.values()].some(({ end }) => end?.verdict === 'fail');
  const outcome = outcomeOf(scope, isDone && !broke);
  run.recorder.event({ type: 'stage.ended', stage: stage.id, outcome, ...(cause && { cause }) });
  return { outcome, kept: commands };
}

async function inNoPause({ gate }: RunContext): Promise<void> {
  while (gate.isPaused) await gate.opened();
}

async function withinTime<T>(
  { timeoutMs }: Stage,
  scope: StageScope,
  { clock, gate }: RunContext,
  work: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  if (timeoutMs !== undefined)
    void gate.expire(timeoutMs, clock, over.signal, () => scope.expire(timeoutMs));
  const done = await work();
  over.abort();
  return done;
}

function outcomeOf({ cause, isExcused }: StageScope, isDone: boolean): StepOutcome {
  if (!cause) return isDone ? 'succeeded' : 'cancelled';
  if (isExcused) return 'ignored';
  return cause.kind === 'stage' && cause.end.kind === 'timed-out' ? 'timed-out' : 'failed';
}
