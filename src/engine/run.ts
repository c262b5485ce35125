import { ok } from '../base/result.ts';
import { holds } from '../expression/condition.ts';
import { isTask, nodesOfPlan } from '../plan/order.ts';
import { fillRegistries } from './images.ts';
import { runStage } from './stage.ts';
import { systemDial } from './dial.ts';
import { toTaskWish } from './task-spec.ts';

import type { Clock } from '../base/clock.ts';
import type { Recorder } from '../event/event.ts';
import type { Cause, RunOutcome } from '../event/outcome.ts';
import type { Variables } from '../expression/fill.ts';
import type { Executor, TaskWish } from '../executor/executor.ts';
import type { Command, Group, Node, Plan } from '../plan/plan.ts';
import type { Ask } from './ask-person.ts';
import type { Dial } from './dial.ts';
import type { WishWorld } from './task-spec.ts';

/** What a run needs from whoever starts it. */
export interface RunWorld {
  readonly runId: string;
  /** The process that carries the run out. */
  readonly owner: { readonly pid: number; readonly pidStart?: string };
  readonly version: string;
  /** The user's directory, absolute. */
  readonly workspace: string;
  readonly recorder: Recorder;
  readonly clock: Clock;
  /** The run's own from here on: it puts into them what it learns. */
  readonly variables: Map<string, string>;
  readonly dial?: Dial;
  /** How a person is asked who can approve, or say what shall be done about a failure. Absent: nobody can. */
  readonly ask?: Ask;
  /** What a failed run's executors can leave up is left up, for a person to look into. */
  readonly keep?: boolean;
  /** Where such a command runs. Must be able to: see `Executor.refusal`. */
  executorFor(command: Command): Executor;
}

export interface RunEnd {
  readonly outcome: RunOutcome;
  readonly cause?: Cause;
}

/** A run under way, and what can be asked of it. */
export interface Run {
  /** Settles once the run is over and nothing of it is left. Rejects only for our own bugs. */
  readonly ended: Promise<RunEnd>;

  /**
   * Asks for an orderly end: running steps are cancelled, services stopped. Asked again, everything
   * is killed at once. `by` says who asks, such as a signal's name.
   */
  cancel(by: string): void;

  /** Fails the run for a reason outside of the pipeline, and ends it in order. */
  fail(detail: string): void;
}

/** Starts carrying out a plan. */
export function startRun(plan: Plan, world: RunWorld): Run {
  const { recorder } = world;
  const wanted = new AbortController();
  const forced = new AbortController();
  let cause: Cause | undefined;
  let cancelled = false;
  let over = false;
  const fail = (found: Cause): void => {
    if (!cancelled && (!cause || isSameService(cause, found))) cause = found;
    wanted.abort();
  };

  const carryOut = async (): Promise<RunEnd> => {
    const { runId: run, owner, version, workspace } = world;
    recorder.event({ type: 'run.started', run, ...owner, version, workspace, plan });
    const { variables } = world;
    const registries = fillRegistries(plan.registries ?? [], variables);
    const context = {
      recorder,
      clock: world.clock,
      dial: world.dial ?? systemDial,
      variables,
      learn: (name: string, value: string) => void variables.set(name, value),
      ...(world.ask && { ask: world.ask }),
      registries,
      signal: wanted.signal,
      forced: forced.signal,
      timeMark: `@${run}@`,
      fail,
    };
    prepare(plan, { ...context, executorFor: (command) => world.executorFor(command) });
    const kept: string[] = [];
    const mayKeep = (): boolean => world.keep === true && cause !== undefined && !cancelled;
    for (const stage of plan.stages)
      kept.push(...(await runStage(stage, context, { ...world, mayKeep })));
    if (kept.length > 0) recorder.event({ type: 'run.kept', commands: kept });
    const outcome = cause ? 'failed' : cancelled ? 'cancelled' : 'succeeded';
    const end: RunEnd = { outcome, ...(cause && { cause }) };
    over = true;
    recorder.event({ type: 'run.ended', ...end });
    return end;
  };

  return {
    ended: carryOut(),
    cancel(by) {
      if (over) return;
      recorder.event({ type: 'run.cancelling', by, forced: cancelled });
      if (cancelled) forced.abort();
      cancelled = true;
      wanted.abort();
    },
    fail: (detail) => fail({ kind: 'environment', detail }),
  };
}

/**
 * Has every executor begin to get what its tasks will need. What has a condition that does not hold by
 * now waits until its turn comes.
 */
function prepare(
  plan: Plan,
  {
    recorder,
    signal,
    executorFor,
    ...wishes
  }: Pick<RunWorld, 'executorFor'> & WishWorld & { recorder: Recorder; signal: AbortSignal },
): void {
  const wanted = new Map<Executor, TaskWish[]>();
  const roots = plan.stages.map(({ root }) => root);
  const likely = new Set(roots.flatMap((root) => [...nodesThatHold(root, wishes.variables)]));
  for (const node of nodesOfPlan(plan)) {
    if (!isTask(node)) continue;
    const executor = executorFor(node.command);
    wanted.set(executor, wanted.get(executor) ?? []);
    if (!likely.has(node)) continue;
    // What is no wish at all is told when it is its turn.
    const wish = toTaskWish(node.command, wishes);
    if (wish.ok) wanted.get(executor)!.push(wish.value);
  }
  for (const [executor, all] of wanted)
    executor.prepare(
      all,
      (progress) => recorder.event({ type: 'image.progress', progress }),
      signal,
    );
}

function* nodesThatHold({ members }: Group, variables: Variables): Generator<Node> {
  for (const member of members) {
    const held = member.when ? holds(member.when, variables) : ok(true);
    if (!held.ok || !held.value) continue;
    yield member;
    if (member.kind === 'group') yield* nodesThatHold(member, variables);
  }
}

/** A service tells once more how it ended when everything about that is known. */
const isSameService = (cause: Cause, found: Cause): boolean =>
  cause.kind === 'service' && found.kind === 'service' && cause.service === found.service;
