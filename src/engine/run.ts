import { fail as fails } from '../base/result.ts';
import { variablesOfRun } from './facts.ts';
import { fillRegistries } from './images.ts';
import { isSameService } from './stage-scope.ts';
import { runStages } from './stages.ts';
import { Gate } from './gate.ts';
import { Questions } from './questions.ts';
import { systemDial } from './dial.ts';
import { Places } from './places.ts';
import { learningOutcomes } from './learn-outcomes.ts';
import { prepareTasks } from './prepare-tasks.ts';
import { takeCommand } from './take-command.ts';

import type { Clock } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { Recorder } from '../event/event.ts';
import type { Cause, RunOutcome } from '../event/outcome.ts';
import type { CommandRefusal, RunCommand } from '../event/run-command.ts';
import type { ReadReports } from '../event/tests.ts';
import type { Executor } from '../executor/executor.ts';
import type { Command, Plan, Stage } from '../plan/plan.ts';
import type { Ask } from './ask-person.ts';
import type { Dial } from './dial.ts';
import type { Breaks } from './gate.ts';
import type { GivenVariable } from './take-command.ts';
import type { AroundStage } from './stage-scope.ts';

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
  /** By which the reports of tasks are read. Absent: they are not. */
  readonly readReports?: ReadReports;
  /** What a failed run's executors can leave up is left up, for a person to look into. */
  readonly keep?: boolean;
  /** Variables that were given to this very run, which tells of them. Absent: none that are told. */
  readonly toldVariables?: readonly GivenVariable[];
  /** Where it is to pause of itself. Absent: nowhere. */
  readonly breaks?: Breaks;
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

  /** Does what it is asked, or answers why it does not. */
  take(command: RunCommand): Result<void, CommandRefusal>;

  /** Fails the run for a reason outside of the pipeline, and ends it in order. */
  fail(detail: string): void;
}

/** Starts carrying out a plan. */
export function startRun(plan: Plan, world: RunWorld): Run {
  const { recorder, runId, workspace, variables } = world;
  const told = plan.stages.flatMap(({ around }) => around?.environment ?? []);
  for (const [name, value] of variablesOfRun({ told, runId, variables }))
    variables.set(name, value);
  const wanted = new AbortController();
  const gate = new Gate(recorder, world.breaks);
  wanted.signal.addEventListener('abort', () => gate.leave(), { once: true });
  const questions = new Questions();
  const forced = new AbortController();
  let cause: Cause | undefined;
  let cancelled = false;
  let over = false;
  const blame = (found: Cause): void => {
    if (!cancelled && (!cause || isSameService(cause, found))) cause = found;
  };
  const fail = (found: Cause): void => {
    blame(found);
    wanted.abort();
  };
  const around = (stage: Stage): AroundStage => ({
    signal: wanted.signal,
    get skipReason() {
      return { kind: cancelled ? 'cancelled' : 'failure' } as const;
    },
    fail(found) {
      if (stage.continueOnFail === true) return;
      if (stage.failing === 'in-order') blame(found);
      else fail(found);
    },
    abort: fail,
  });

  const carryOut = async (): Promise<RunEnd> => {
    const { owner, version } = world;
    recorder.event({ type: 'run.started', run: runId, ...owner, version, workspace, plan });
    for (const variable of world.toldVariables ?? []) setVariable(variable);
    if (world.breaks?.atStart === true) gate.pause({ kind: 'loaded' });
    // Nothing is even got ready: variables may still come, and nobody knows how long this takes.
    if (gate.isPaused) await gate.opened();
    const registries = fillRegistries(plan.registries ?? [], variables);
    const learn = (name: string, value: string): void => void variables.set(name, value);
    const context = {
      recorder: learningOutcomes(plan, recorder, learn),
      clock: world.clock,
      gate,
      questions,
      dial: world.dial ?? systemDial,
      variables,
      ...(world.ask && { ask: world.ask }),
      inputTurn: new Places(1),
      ...(world.readReports && { readReports: world.readReports }),
      registries,
      signal: wanted.signal,
      forced: forced.signal,
      timeMark: `@${runId}@`,
      learn,
    };
    if (!wanted.signal.aborted)
      prepareTasks(plan, { ...context, executorFor: (command) => world.executorFor(command) });
    const mayKeep = (found?: Cause): boolean =>
      world.keep === true && found !== undefined && !cancelled;
    const expired = new AbortController();
    if (plan.timeoutMs !== undefined) void expireAfter(plan.timeoutMs, expired.signal);
    const kept = await runStages(plan.stages, context, { ...world, mayKeep, around });
    expired.abort();
    if (kept.length > 0) recorder.event({ type: 'run.kept', commands: kept });
    const outcome = cause ? 'failed' : cancelled ? 'cancelled' : 'succeeded';
    const end: RunEnd = { outcome, ...(cause && { cause }) };
    over = true;
    recorder.event({ type: 'run.ended', ...end });
    return end;
  };

  const expireAfter = (afterMs: number, signal: AbortSignal): Promise<void> =>
    gate.expire(afterMs, world.clock, signal, () => {
      if (!wanted.signal.aborted) fail({ kind: 'run', end: { kind: 'timed-out', afterMs } });
    });

  function setVariable({ name, value, secret = false, by }: GivenVariable): void {
    if (secret && value !== '') recorder.hide([value]);
    variables.set(name, value);
    const told = { name, ...(!secret && { value }), ...(by !== undefined && { by }) };
    recorder.event({ type: 'run.variable', ...told });
  }

  const cancel = (by: string): void => {
    if (over) return;
    recorder.event({ type: 'run.cancelling', by, forced: cancelled });
    if (cancelled) forced.abort();
    cancelled = true;
    wanted.abort();
  };

  return {
    ended: carryOut(),
    cancel,
    take(command) {
      if (over) return fails({ kind: 'run-over' });
      return takeCommand(command, { plan, gate, questions, cancel, setVariable });
    },
    fail: (detail) => fail({ kind: 'environment', detail }),
  };
}
