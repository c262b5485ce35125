import { fail } from '../base/result.ts';
import { variablesOfRun } from './facts.ts';
import { fillRegistries } from './images.ts';
import { RunScope } from './run-scope.ts';
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
import type { Command, Plan } from '../plan/plan.ts';
import type { Ask } from './ask-person.ts';
import type { Dial } from './dial.ts';
import type { Breaks } from './gate.ts';
import type { GivenVariable } from './take-command.ts';
import type { RunContext } from './run-context.ts';

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
export const startRun = (plan: Plan, world: RunWorld): Run => new StartedRun(plan, world);

class StartedRun implements Run {
  readonly ended: Promise<RunEnd>;
  readonly #plan: Plan;
  readonly #world: RunWorld;
  readonly #gate: Gate;
  readonly #questions = new Questions();
  readonly #scope = new RunScope();
  #isOver = false;

  constructor(plan: Plan, world: RunWorld) {
    this.#plan = plan;
    this.#world = world;
    const gate = new Gate(world.recorder, world.breaks);
    this.#scope.signal.addEventListener('abort', () => gate.leave(), { once: true });
    this.#gate = gate;
    this.ended = this.#carryOut();
  }

  cancel(by: string): void {
    if (this.#isOver) return;
    const forced = this.#scope.isCancelled;
    this.#world.recorder.event({ type: 'run.cancelling', by, forced });
    this.#scope.cancel();
  }

  take(command: RunCommand): Result<void, CommandRefusal> {
    if (this.#isOver) return fail({ kind: 'run-over' });
    return takeCommand(command, {
      plan: this.#plan,
      gate: this.#gate,
      questions: this.#questions,
      cancel: (by) => this.cancel(by),
      warn: (text) => this.#world.recorder.event({ type: 'warning', text }),
      setVariable: (given) => this.#setVariable(given),
    });
  }

  fail(detail: string): void {
    this.#scope.fail({ kind: 'environment', detail });
  }

  async #carryOut(): Promise<RunEnd> {
    this.#begin();
    // Nothing is even got ready: variables may still come, and nobody knows how long this takes.
    if (this.#gate.isPaused) await this.#gate.opened();
    const kept = await this.#runStages(this.#context());
    const { recorder } = this.#world;
    if (kept.length > 0) recorder.event({ type: 'run.kept', commands: kept });
    const { outcome, cause } = this.#scope;
    const end: RunEnd = { outcome, ...(cause && { cause }) };
    this.#isOver = true;
    recorder.event({ type: 'run.ended', ...end });
    return end;
  }

  /** Tells of the run, and lets it know what it is given. */
  #begin(): void {
    const plan = this.#plan;
    const { recorder, runId, owner, version, workspace, variables } = this.#world;
    const told = plan.stages.flatMap(({ around }) => around?.environment ?? []);
    for (const [name, value] of variablesOfRun({ told, runId, variables }))
      variables.set(name, value);
    recorder.event({ type: 'run.started', run: runId, ...owner, version, workspace, plan });
    for (const variable of this.#world.toldVariables ?? []) this.#setVariable(variable);
    if (this.#world.breaks?.atStart === true) this.#gate.pause({ kind: 'loaded' });
  }

  /** What every part of it works with, from what is known once it may begin. */
  #context(): RunContext {
    const { runId, recorder, clock, dial = systemDial, variables, ask, readReports } = this.#world;
    const learn = (name: string, value: string): void => void variables.set(name, value);
    return {
      recorder: learningOutcomes(this.#plan, recorder, learn),
      clock,
      gate: this.#gate,
      questions: this.#questions,
      dial,
      variables,
      ...(ask && { ask }),
      inputTurn: new Places(1),
      ...(readReports && { readReports }),
      registries: fillRegistries(this.#plan.registries ?? [], variables),
      signal: this.#scope.signal,
      forced: this.#scope.forced,
      timeMark: `@${runId}@`,
      learn,
    };
  }

  /** Runs all that is in it within its time, and answers the commands that lead into what was left up. */
  async #runStages(context: RunContext): Promise<readonly string[]> {
    const { stages, timeoutMs } = this.#plan;
    const world = this.#world;
    if (!context.signal.aborted)
      prepareTasks(this.#plan, {
        ...context,
        executorFor: (command) => world.executorFor(command),
      });
    const over = new AbortController();
    if (timeoutMs !== undefined)
      void this.#gate.expire(timeoutMs, world.clock, over.signal, () => this.#expire(timeoutMs));
    const mayKeep = (found?: Cause): boolean =>
      world.keep === true && found !== undefined && !this.#scope.isCancelled;
    const kept = await runStages(stages, context, this.#scope, { ...world, mayKeep });
    over.abort();
    return kept;
  }

  #expire(afterMs: number): void {
    if (this.#scope.signal.aborted) return;
    this.#scope.fail({ kind: 'run', end: { kind: 'timed-out', afterMs } });
  }

  #setVariable({ name, value, secret = false, by }: GivenVariable): void {
    const { recorder, variables } = this.#world;
    if (secret && value !== '') recorder.hide([value]);
    variables.set(name, value);
    const told = { name, ...(!secret && { value }), ...(by !== undefined && { by }) };
    recorder.event({ type: 'run.variable', ...told });
  }
}
