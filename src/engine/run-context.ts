import type { Clock } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { Recorder } from '../event/event.ts';
import type { Cause } from '../event/outcome.ts';
import type { ReadReports } from '../event/tests.ts';
import type { Variables } from '../expression/fill.ts';
import type { OpenFailure, Sandbox } from '../executor/executor.ts';
import type { Command, FactVariable, Service as ServicePlan } from '../plan/plan.ts';
import type { Ask } from './ask-person.ts';
import type { Dial } from './dial.ts';
import type { Gate } from './gate.ts';
import type { Places } from './places.ts';
import type { FilledRegistry } from './images.ts';
import type { Questions } from './questions.ts';
import type { Service } from './service.ts';

/** What every part of a run works with. */
export interface RunContext {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly dial: Dial;
  readonly variables: Variables;
  /** What every node passes before it begins. */
  readonly gate: Gate;
  /** What waits for an answer that a command can give. */
  readonly questions: Questions;
  /** By which a person is asked. Absent: there is nobody. */
  readonly ask?: Ask;
  /** Whoever asks for inputs does so alone. */
  readonly inputTurn: Places;
  /** By which the reports of tasks are read. Absent: they are not. */
  readonly readReports?: ReadReports;
  readonly registries: readonly FilledRegistry[];
  /** Aborts when the run has lost its point, or, within a stage, the stage: nothing begins any more. */
  readonly signal: AbortSignal;
  /** Aborts when even a grace period is too long. */
  readonly forced: AbortSignal;
  /** Where the time of arrival is put in what a script tells. */
  readonly timeMark: string;
  /** Lets the run know a value from now on by this name. */
  readonly learn: (name: string, value: string) => void;
}

/** What the nodes of one stage share. */
export interface StageContext extends RunContext {
  /** Ends what runs in the stage, since what it stands on is gone. The first cause is the one that counts. */
  fail(cause: Cause): void;
  /** Has more be known of a service by which that was done: its very end, its last words. */
  amend(cause: Cause): void;
  readonly services: ReadonlyMap<string, Service>;
  /** Whether a service whose image cannot be had fails the stage, whatever its `onExit`. */
  readonly servicesNeedImages: boolean;
  /** What was said of variables that nobody gave; once is enough. */
  readonly toldMissing: Set<string>;
  /** What every task is told of itself and of its place. */
  readonly told: readonly FactVariable[];
  readonly runId: string;
  /** The services that stand before a node, by the node's id. */
  readonly before: ReadonlyMap<string, readonly ServicePlan[]>;
  /** The sandbox of the executor that such a command runs on. */
  sandboxFor(command: Command): Promise<Result<Sandbox, OpenFailure>>;
  /** The same as soon as it is open. */
  openedFor(command: Command): Sandbox | undefined;
  /** All that are open by now. */
  opened(): readonly Sandbox[];
}
