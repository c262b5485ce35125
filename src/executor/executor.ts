import type { Result } from '../base/result.ts';

/** Where commands run. The engine knows only this file; `cli` picks the executors of a run. */
export interface Executor {
  readonly name: ExecutorName;

  /**
   * Why such a task cannot be had here, as a sentence that ends a clause like "step 'x' …" for its
   * author. `undefined` when it can. Asked for every task of a plan before anything starts.
   */
  refusal(wish: TaskWish): string | undefined;

  /**
   * Begins to get what such tasks need and what takes long to get: their images. Returns at once; a
   * launch waits for its own. `told` hears how far it has come. Safe to repeat.
   */
  prepare(
    wishes: readonly TaskWish[],
    told: (progress: ImageProgress) => void,
    signal: AbortSignal,
  ): void;

  /** Makes what the tasks of one stage share: a scratch folder, a network, a pod. */
  open(spec: SandboxSpec, signal: AbortSignal): Promise<Result<Sandbox, OpenFailure>>;
}

export type ExecutorName = 'host' | 'docker' | 'fake';

/** What a task asks of an executor beyond running a command. */
export type TaskWish = Pick<TaskSpec, 'image' | 'container' | 'user'>;

/** How far an image has come that tasks wait for. Sizes in bytes. */
export type ImageProgress =
  | {
      readonly kind: 'pulling';
      readonly image: string;
      readonly doneBytes: number;
      /** Of the layers whose size is known by now. */
      readonly totalBytes: number;
      readonly doneLayers: number;
      readonly totalLayers: number;
    }
  /** A pull broke in a way that may mend itself; it is asked for again after the pause. */
  | {
      readonly kind: 'retrying';
      readonly image: string;
      readonly detail: string;
      readonly delayMs: number;
    }
  /** `pulled` tells whether it had to be, at least in part. */
  | { readonly kind: 'there'; readonly image: string; readonly pulled: boolean }
  | { readonly kind: 'missing'; readonly image: string; readonly detail: string };

export interface SandboxSpec {
  /** Labels everything that is made outside our process, so that a sweep can find it. */
  readonly runId: string;
  readonly stage: string;
  /** The user's directory, absolute. */
  readonly workspace: string;
  /** How the names begin of what is made where others see it. Absent: as the executor has it. */
  readonly prefix?: string;
  /** What its tasks share. Absent: nothing but the workspace. */
  readonly folders?: readonly SharedFolder[];
  /**
   * Its containers share one network, as those of a pod do: each finds the ports of all of them at
   * `localhost`, and none can have a port of this machine. Absent: each has ports of its own.
   */
  readonly sharesLoopback?: SharedLoopback;
  /** Takes a sentence worth knowing that changes no outcome; `about` names a task. */
  readonly warn?: (text: string, about?: string) => void;
}

/** What has to be known of containers that share one network before there is any of them. */
export interface SharedLoopback {
  /** What leads to `127.0.0.1` in each of them: what tasks are called, and may be called besides. */
  readonly names: readonly string[];
  /** Ports of theirs that processes of this machine will ask at. */
  readonly ports: readonly number[];
}

/** A folder that is empty at first, that any user of a task may write to, and that goes with its sandbox. */
export interface SharedFolder {
  /** Unique in the sandbox. */
  readonly name: string;
  /** Where a container finds it, absolute, unless the task has something else there. */
  readonly target: string;
  /** Whether commands are looked for in it first. */
  readonly onPath: boolean;
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

  /**
   * Begins what can be begun of a launch that is expected soon, up to where its command would run.
   * A launch of an equal spec takes it over; what nobody took over goes with the sandbox.
   */
  prepare(spec: TaskSpec): void;

  /**
   * Leaves what it holds as it is, for a person to look into, and answers the commands by which one
   * gets in. Everything runs on; disposing it does nothing any more. Absent: it cannot.
   */
  keep?(): Promise<readonly string[]>;

  /** Who listens on this port of the sandbox although no task of it is meant to yet. */
  listenerOn(port: number): Promise<ProcessRef | undefined>;

  /**
   * Where tasks of this sandbox reach port `port` of its task that is called `name`, by itself or by an
   * alias, started or not.
   */
  addressOf(name: string, port: number): Address;

  /** Where tasks of this sandbox reach what processes of this machine reach at `address`. */
  addressOfHost(address: Address): Address;

  /**
   * Where processes of this machine reach port `port` of the task named `task`. `undefined` while
   * that cannot be told: the task does not run, or nothing leads to it from here.
   */
  addressFromHost(task: string, port: number): Address | undefined;
}

export interface TaskSpec {
  /** The step's or service's id. */
  readonly name: string;
  readonly run: CommandSpec;
  /** Everything the task gets beyond what the executor itself must add (PATH, HOME, …). */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Variables whose values only the executor knows. `environment` wins. Absent: none. They stand for
   * `placeMark` of their names in the words of the command and the values of the environment, too.
   */
  readonly facts?: Readonly<Record<string, PlaceFact>>;
  readonly image?: string;
  /** Only with an image. */
  readonly container?: ContainerSpec;
  /** Relative to the workspace unless absolute. Absent: the workspace. */
  readonly workingDir?: string;
  readonly user?: string;
}

/**
 * Stands in a text for the fact of this name. No text of a person's has it in it: neither variables nor words of
 * commands can hold what it is made of.
 */
export const placeMark = (name: string): string => `\0${name}\0`;

/**
 * What is to be known of the place of a task: the names of its container and of its network, empty
 * where it has none; the name of the machine that Continuo runs on; where the task finds the
 * workspace, where it is started, where it finds a shared folder, and a file of its own that is empty at
 * first and that only the executor reads.
 */
export type PlaceFact =
  | { readonly kind: 'container' | 'network' | 'machine' | 'workspace' | 'working-dir' | 'outputs' }
  | { readonly kind: 'folder'; readonly name: string };

/** What surrounds a task that runs in a container. Whatever is absent is as the executor has it. */
export interface ContainerSpec {
  /** What other tasks of the sandbox may call it besides its own name. */
  readonly aliases?: readonly string[];
  readonly hostname?: string;
  readonly ports?: readonly PublishedPort[];
  readonly volumes?: readonly Mount[];
  readonly privileged?: boolean;
  /** Where it finds the workspace, absolute. */
  readonly mountPoint?: string;
  /** Without a `workingDir` it is started where its image says, and not in the workspace. */
  readonly startsInImage?: true;
  readonly pull?: PullPolicy;
  readonly registry?: RegistryAccess;
  readonly memoryBytes?: number;
  /** How many processors it may use, such as 0.5. */
  readonly cpus?: number;
  /** Ports of its own that processes of this machine will ask at. */
  readonly ownPorts?: readonly number[];
  /** Ports of this machine that it is to find at `addressOfHost`. */
  readonly hostPorts?: readonly number[];
}

/** When a registry is asked for an image. `by-tag`: `always` for `latest`, else `missing`. */
export type PullPolicy = 'always' | 'missing' | 'never' | 'by-tag';

/** How a registry is asked. */
export interface RegistryAccess {
  readonly credentials?: { readonly username: string; readonly password: string };
  /** `attempts` counts the first one too. Absent: as the executor has it. */
  readonly retry?: { readonly attempts: number; readonly backoffMs: number };
}

/** A port of a container that this machine answers at. */
export interface PublishedPort {
  readonly own: number;
  /** 0: any that is free. */
  readonly outside: number;
  readonly protocol: 'tcp' | 'udp';
}

/** A folder or file of this machine, or a volume by its name, that a container finds at `target`. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/**
 * Words to execute as they are, the whole text of a script and who reads it, or what the image
 * itself starts, with arguments in place of its own.
 */
export type CommandSpec =
  | { readonly kind: 'argv'; readonly argv: readonly [string, ...string[]] }
  | {
      readonly kind: 'script';
      readonly interpreter: readonly [string, ...string[]];
      readonly text: string;
    }
  | { readonly kind: 'image'; readonly arguments?: readonly string[] };

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
  reach(port: number): Reached;

  /** Whether it is this task that listens on the port, or a stranger. */
  listens(port: number): Promise<Listening>;

  /**
   * The ports that it listens on, in their order: asked for when it cannot be reached. `undefined`
   * where that cannot be found out.
   */
  ports(): Promise<readonly number[] | undefined>;

  /**
   * Whether it listens on a port to which nothing may lead from here although the tasks of its sandbox get
   * there: on the loopback that they share. Absent: there is no such place.
   */
  readonly listensInside?: ((port: number) => Promise<boolean>) | undefined;

  /** The command by which its image says that it can be asked for its health. */
  readonly healthcheck?: CommandSpec | undefined;

  /**
   * What it has put into the file that it was told of as `outputs`, 1 MiB at most; settles once it has
   * ended. Empty where it was not told of one. The failure is a sentence.
   */
  outputs(): Promise<Result<string, string>>;

  /**
   * What may have kept it from doing its work, as sentences: asked for when it failed, with the last that
   * it said.
   */
  doubts(said: readonly string[]): Promise<readonly string[]>;
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
  /** Something had to be killed because it outlived the grace. What was to get KILL has outlived none. */
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
  /** More came before: the first line may be the end of one. */
  readonly isCut?: boolean;
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

/** Where a port of a task is reached, and by whose help. */
export interface Reached extends Address {
  /** Somebody accepts connections there for the task, whether it listens or not. */
  readonly isProxied?: true;
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
  /** Without the `SIG`. `by` tells that somebody else had the container engine send it. */
  | { readonly kind: 'signal'; readonly signal: string; readonly by?: 'engine' }
  | { readonly kind: 'outOfMemory' }
  | { readonly kind: 'lost'; readonly detail: string };

export type OpenFailure = {
  readonly kind: 'executorUnavailable';
  readonly executor: ExecutorName;
  readonly detail: string;
};

/** What it mounts is not there for whoever runs it. */
export interface VolumeMissing {
  readonly kind: 'volumeMissing';
  /** As the pipeline names it. */
  readonly source: string;
  readonly path: string;
  /** This machine has it, but not the one that the task was to run on. */
  readonly isHere?: true;
}

export type LaunchFailure =
  | { readonly kind: 'commandNotFound'; readonly command: string }
  | { readonly kind: 'directoryMissing'; readonly directory: string }
  | VolumeMissing
  | { readonly kind: 'imageUnavailable'; readonly image: string; readonly detail: string }
  /** A port of this machine that it wants is somebody else's. */
  | { readonly kind: 'portTaken'; readonly port: number; readonly by?: ProcessRef }
  | { readonly kind: 'refused'; readonly detail: string }
  /** The machine could not, whatever the author wishes: no disk, no process, no file to be had. */
  | { readonly kind: 'environment'; readonly detail: string }
  | { readonly kind: 'abandoned' };
