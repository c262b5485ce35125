import { setTimeout as delay } from 'node:timers/promises';

import { ok } from '../../base/result.ts';
import { handsOver } from '../common/place-facts.ts';
import { ContainerOutput } from './container-output.ts';
import { explainEnd } from './explain-end.ts';
import { runInContainer } from './run-in-container.ts';
import { takeOutputs } from './take-outputs.ts';

import type { Readable } from 'node:stream';
import type { Result } from '../../base/result.ts';
import type {
  CommandEnd,
  CommandSpec,
  Exit,
  LaunchFailure,
  Listening,
  Reached,
  Stopped,
  StopHow,
  Task,
  TaskSpec,
} from '../executor.ts';
import type { Container } from './container.ts';
import type { ContainerEnd } from './container-end.ts';
import type { EngineEvents } from './engine-events.ts';
import type { Scripts } from './scripts.ts';

/** What a task is made of once its container runs. */
export interface DockerTaskParts {
  readonly spec: TaskSpec;
  readonly container: Container;
  /** Its output from the first byte on. */
  readonly output: Readable;
  readonly events: EngineEvents;
  readonly scripts: Scripts | undefined;
  /** Where this machine reaches a port of it. */
  readonly reach: (port: number) => Reached;
  /** Whether it is this task that listens there. */
  readonly listens: (port: number) => Promise<Listening>;
  /** The ports that it listens on, if that can be seen. */
  readonly ports: () => Promise<readonly number[] | undefined>;
  readonly sharesLoopback: boolean;
  readonly healthcheck: CommandSpec | undefined;
  readonly doubts: (said: readonly string[]) => Promise<readonly string[]>;
  /** The engine says 0 of a container that it has removed in the meantime. */
  readonly forgetsCodes: boolean;
  /** Called once nothing of it runs. */
  readonly onEnded: (task: DockerTask, exit: Exit) => void;
}

/** So long a container may take to end that was killed. */
const killPatienceMs = 10_000;
/** Most of what is told to end has ended by then. */
const soonMs = 500;
const nothingLeft: Stopped = { killed: false, leftBehind: [] };

/** A container, and all that runs in it: what its main process leaves behind ends with it. */
export class DockerTask implements Task {
  readonly label: string;
  readonly output: ContainerOutput;
  readonly exited: Promise<Exit>;
  readonly #parts: DockerTaskParts;
  /** The signals we have had the engine send. */
  readonly #sent: string[] = [];
  #hasEnded = false;
  #stopped: Promise<Stopped> | undefined;
  #outputs: Promise<Result<string, string>> | undefined;
  #hurry = Promise.withResolvers<undefined>();
  #deadline = Infinity;
  #isKillWanted = false;

  constructor(parts: DockerTaskParts) {
    this.#parts = parts;
    this.label = `container ${parts.container.name}`;
    const ended = parts.container.ended();
    this.output = new ContainerOutput(parts.output, parts.container, ended);
    this.exited = this.#awaitExit(ended);
  }

  get healthcheck(): CommandSpec | undefined {
    return this.#parts.healthcheck;
  }

  get listensInside(): ((port: number) => Promise<boolean>) | undefined {
    const { listens, sharesLoopback } = this.#parts;
    return sharesLoopback ? async (port) => (await listens(port)).by === 'task' : undefined;
  }

  get name(): string {
    return this.#parts.spec.name;
  }

  get spec(): TaskSpec {
    return this.#parts.spec;
  }

  get containerName(): string {
    return this.#parts.container.name;
  }

  /** Once there is no more of its output to come, or nobody to read it. */
  get drained(): Promise<unknown> {
    return this.output.drained;
  }

  /** The engine's id of its container. */
  get containerId(): string {
    return this.#parts.container.id;
  }

  /** Lets it run on with nobody to look after it. */
  release(): void {
    this.#parts.container.release();
    this.output.release();
  }

  stop(how: StopHow): Promise<Stopped> {
    this.#deadline = Math.min(this.#deadline, performance.now() + how.graceMs);
    this.#isKillWanted ||= how.signal === 'KILL';
    const hurry = this.#hurry;
    this.#hurry = Promise.withResolvers();
    hurry.resolve(undefined);
    this.#stopped ??= this.#stop(how);
    return this.#stopped;
  }

  exec(
    { run, environment }: Pick<TaskSpec, 'run' | 'environment'>,
    signal: AbortSignal,
  ): Promise<Result<CommandEnd, LaunchFailure>> {
    const { container, scripts } = this.#parts;
    // The container has those of the task already, and more in some: what its place is, and the
    // folders that are looked into first.
    const more = Object.entries(environment).filter(
      ([name, value]) => value !== this.spec.environment[name],
    );
    const asked = { run, environment: Object.fromEntries(more) };
    return runInContainer(asked, container, scripts, signal);
  }

  reach(port: number): Reached {
    return this.#parts.reach(port);
  }

  listens(port: number): Promise<Listening> {
    return this.#parts.listens(port);
  }

  ports(): Promise<readonly number[] | undefined> {
    return this.#parts.ports();
  }

  outputs(): Promise<Result<string, string>> {
    const { spec, container } = this.#parts;
    this.#outputs ??= handsOver(spec)
      ? this.exited.then(() => takeOutputs(container))
      : Promise.resolve(ok(''));
    return this.#outputs;
  }

  doubts(said: readonly string[]): Promise<readonly string[]> {
    return this.#parts.doubts(said);
  }

  async #stop({ signal, graceMs }: StopHow): Promise<Stopped> {
    if (this.#hasEnded) return nothingLeft;
    const { container } = this.#parts;
    if (graceMs > 0) {
      this.#sent.push(signal);
      await container.signal(signal);
      const over = this.#graceOver();
      if (signal !== 'KILL') await this.#wake(over);
      await over;
      if (this.#isOver()) return nothingLeft;
    }
    // To be killed was the wish when KILL was the signal.
    const killed = !this.#isKillWanted;
    this.#sent.push('KILL');
    await container.kill().catch(() => undefined);
    await Promise.race([this.exited, delay(killPatienceMs, undefined, { ref: false })]);
    if (this.#isOver()) return { killed, leftBehind: [] };
    // An engine that tells of no end may never tell of another line.
    this.output.release();
    const survivor = { pid: 0, command: this.label };
    return { killed, leftBehind: [], survivors: [survivor] };
  }

  /**
   * What is suspended can do nothing about a signal before it goes on. What has not ended soon may
   * be: a signal costs an engine a process of its own, and few are.
   */
  async #wake(over: Promise<void>): Promise<void> {
    const soon = delay(soonMs, undefined, { ref: false }).then(() => 'late');
    if ((await Promise.race([over, soon])) === 'late') await this.#parts.container.signal('CONT');
  }

  /** Asked through a function, as it changes while one waits. */
  #isOver(): boolean {
    return this.#hasEnded;
  }

  /** Settles when it has ended, or when its grace is over, which a later stop may shorten. */
  async #graceOver(): Promise<void> {
    const ended = this.exited.then(() => true);
    for (;;) {
      const leftMs = this.#deadline - performance.now();
      if (leftMs <= 0 || this.#hasEnded) return;
      const given = new AbortController();
      const rest = delay(leftMs, undefined, { signal: given.signal }).catch(() => undefined);
      await Promise.race([ended, rest, this.#hurry.promise]);
      given.abort();
    }
  }

  async #awaitExit(ended: Promise<ContainerEnd>): Promise<Exit> {
    const end = await ended;
    const { spec, container, events, forgetsCodes } = this.#parts;
    const exit = await explainEnd(end, {
      container,
      events,
      ours: this.#sent,
      hasLimit: spec.container?.memoryBytes !== undefined,
      forgetsCodes,
    });
    this.#hasEnded = true;
    this.#parts.onEnded(this, exit);
    return exit;
  }
}
