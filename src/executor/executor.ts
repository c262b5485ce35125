import type { Result } from '../base/result.ts';

/** Where commands run. The engine knows only this file; `cli` picks the executors of a run. */
export interface Executor {
  readonly name: ExecutorName;

  /**
   * Why such a task cannot be had here, as a sentence that ends a clause like "step 'x' …" for its
   * author. `undefined` when it can. Asked for every task of a plan before anything starts.
   */
  refusal(wish: TaskWish): string | undefined;

  /** Makes what the tasks of one stage share: a scratch folder, a network, a pod. */
  open(spec: SandboxSpec, signal: AbortSignal): Promise<Result<Sandbox, OpenFailure>>;
}

export type ExecutorName = 'host' | 'docker' | 'kubernetes' | 'fake';

/** What a task asks of an executor beyond running a command. */
export interface TaskWish {
  readonly image?: string;
  readonly user?: string;
}

export interface SandboxSpec {
  /** Labels everything that is made outside our process, so that a sweep can find it. */
  readonly runId: string;
  readonly stage: string;
  /** The user's directory, absolute. */
  readonly workspace: string;
}

/**
 * What the tasks of one stage share. Disposing it ends every task launched in it at once, without
 * grace, and removes what `open` made; it may be repeated, and is safe when nothing is left.
 */
export interface Sandbox extends AsyncDisposable {
  /**
   * Starts a command. Settles as soon as it runs. When `signal` aborts first, whatever was started
   * is ended by the sandbox and the failure is `abandoned`.
   */
  launch(spec: TaskSpec, signal: AbortSignal): Promise<Result<Task, LaunchFailure>>;

  /** Who listens on this port of the sandbox although no task of it is meant to yet. */
  listenerOn(port: number): Promise<ProcessRef | undefined>;

  /** Where steps of this executor reach port `port` of the task named `task`. */
  addressOf(task: string, port: number): Address;
}

export interface TaskSpec {
  /** The step's or service's id. */
  readonly name: string;
  readonly run: CommandSpec;
  /** Everything the task gets beyond what the executor itself must add (PATH, HOME, …). */
  readonly environment: Readonly<Record<string, string>>;
  readonly image?: string;
  /** Relative to the workspace unless absolute. Absent: the workspace. */
  readonly workingDir?: string;
  readonly user?: string;
}

/** Words to execute as they are, or the whole text of a script and who reads it. */
export type CommandSpec =
  | { readonly kind: 'argv'; readonly argv: readonly [string, ...string[]] }
  | {
      readonly kind: 'script';
      readonly interpreter: readonly [string, ...string[]];
      readonly text: string;
    };

/** One launched command, from just after its start until nothing of it is left. */
export interface Task {
  /** For people: `pid 4711`, `container 3f2a…`. */
  readonly label: string;

  /**
   * Everything it prints, from the first byte, in order. Taken in from the start; a slow reader
   * slows the task. Ends when nobody can write to it any more. To be read once.
   */
  readonly output: AsyncIterable<OutputChunk>;

  /** How the launched process itself ended. Settles exactly once, and never rejects. */
  readonly exited: Promise<Exit>;

  /**
   * Ends the whole process tree: the signal to all of it, KILL to what is left after the grace.
   * Settles once nothing of it runs, or some seconds after a KILL that did not help. May be
   * repeated; the shorter grace wins. After `exited`, it ends what the leader left behind.
   */
  stop(how: StopHow): Promise<Stopped>;

  /** Runs another command where the task is, as the task's user, and takes in its output. */
  exec(
    spec: Pick<TaskSpec, 'run' | 'environment'>,
    signal: AbortSignal,
  ): Promise<Result<CommandEnd, LaunchFailure>>;

  /** Where this machine's Continuo reaches one of the task's ports. */
  reach(port: number): Address;

  /** Whether it is this task that listens on the port, or a stranger. */
  listens(port: number): Promise<Listening>;
}

export interface OutputChunk {
  readonly stream: OutputStream;
  readonly bytes: Buffer;
}

export type OutputStream = 'stdout' | 'stderr';

export interface StopHow {
  /** Without the `SIG`. */
  readonly signal: string;
  readonly graceMs: number;
}

export interface Stopped {
  /** Something had to be killed because it outlived the grace. */
  readonly killed: boolean;
  /** What still ran although the launched process itself had ended before the stop. */
  readonly leftBehind: readonly ProcessRef[];
  /**
   * What still runs, because it could not be ended: another user's process, or one that the kernel
   * does not let go. Absent: nothing.
   */
  readonly survivors?: readonly ProcessRef[];
}

export interface CommandEnd {
  readonly exit: Exit;
  /** The end of what it printed, both streams, 4 KiB at most. */
  readonly output: string;
}

/** A process as a person would look for it. */
export interface ProcessRef {
  readonly pid: number;
  readonly command: string;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type Listening =
  | { readonly by: 'task' }
  | { readonly by: 'nobody' }
  /** Cannot be found out here; to be taken for the task. */
  | { readonly by: 'unknown' }
  | { readonly by: 'stranger'; readonly stranger: ProcessRef };

/** How a task ended. A fact, not a judgement. */
export type Exit =
  | { readonly kind: 'code'; readonly code: number }
  /** Without the `SIG`. */
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'outOfMemory' }
  | { readonly kind: 'lost'; readonly detail: string };

export type OpenFailure = {
  readonly kind: 'executorUnavailable';
  readonly executor: ExecutorName;
  readonly detail: string;
};

export type LaunchFailure =
  | { readonly kind: 'commandNotFound'; readonly command: string }
  | { readonly kind: 'directoryMissing'; readonly directory: string }
  | { readonly kind: 'imageUnavailable'; readonly image: string; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  /** The machine could not, whatever the author wishes: no disk, no process, no file to be had. */
  | { readonly kind: 'environment'; readonly detail: string }
  | { readonly kind: 'abandoned' };
