import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';
import type {
  Address,
  CommandEnd,
  CommandSpec,
  Executor,
  Exit,
  ImageProgress,
  LaunchFailure,
  Listening,
  OpenFailure,
  OutputChunk,
  OutputStream,
  ProcessRef,
  Sandbox,
  SandboxSpec,
  StopHow,
  Stopped,
  Task,
  TaskSpec,
  TaskWish,
} from '../executor.ts';

/** Runs nothing. A test holds each task and says what it does next. */
export class FakeExecutor implements Executor {
  readonly name = 'fake';
  readonly launched: FakeTask[] = [];
  readonly opened: SandboxSpec[] = [];
  /** What was said to be needed before anything was launched. */
  readonly wishes: TaskWish[] = [];
  /** Hears what becomes of the images that are needed. Throws while none was. */
  told: (progress: ImageProgress) => void = () => {
    throw new Error('Nothing was said to be needed');
  };
  /** What was said to be launched soon. */
  readonly prepared: TaskSpec[] = [];
  closed = 0;
  /** Who listens before anything was launched, by port. */
  readonly listeners = new Map<number, ProcessRef>();
  /** Asked for each launch; a failure it answers is what the launch comes to. */
  refuse: (spec: TaskSpec) => LaunchFailure | undefined = () => undefined;
  /** Where tasks are found. Each on this machine, unless a test says otherwise. */
  addresses: Pick<Sandbox, 'addressOf' | 'addressOfHost' | 'addressFromHost'> = {
    addressOf: (_, port) => ({ host: 'localhost', port }),
    addressOfHost: (address) => address,
    addressFromHost: (_, port) => ({ host: 'localhost', port }),
  };
  /** The commands by which one gets into what is kept. Absent: nothing can be. */
  waysIn: readonly string[] | undefined;
  /** Sets each task up before the engine sees it. */
  setUp: (task: FakeTask) => void = () => undefined;

  refusal(): undefined {
    return undefined;
  }

  prepare(wishes: readonly TaskWish[], told: (progress: ImageProgress) => void): void {
    this.wishes.push(...wishes);
    this.told = told;
  }

  open(spec: SandboxSpec): Promise<Result<Sandbox, OpenFailure>> {
    this.opened.push(spec);
    const { waysIn } = this;
    let isKept = false;
    const own: FakeTask[] = [];
    const keep = (): Promise<readonly string[]> => {
      isKept = true;
      return Promise.resolve(waysIn ?? []);
    };
    return Promise.resolve(
      ok({
        launch: (task, signal) => Promise.resolve(this.#launch(task, own, signal)),
        prepare: (task) => void this.prepared.push(task),
        listenerOn: (port) => Promise.resolve(this.listeners.get(port)),
        ...this.addresses,
        ...(waysIn && { keep }),
        [Symbol.asyncDispose]: async () => {
          this.closed += 1;
          if (isKept) return;
          await Promise.all(own.map((task) => task.stop({ signal: 'KILL', graceMs: 0 })));
        },
      } satisfies Sandbox),
    );
  }

  /** The latest launch of a step or service. Throws when there was none. */
  task(name: string): FakeTask {
    const task = this.launched.findLast(({ spec }) => spec.name === name);
    if (!task) throw new Error(`Nothing named "${name}" was launched`);
    return task;
  }

  /** Names of what runs now, in the order of their launches. */
  get running(): string[] {
    return this.launched.filter((task) => task.runs).map(({ spec }) => spec.name);
  }

  #launch(spec: TaskSpec, own: FakeTask[], signal: AbortSignal): Result<Task, LaunchFailure> {
    if (signal.aborted) return fail({ kind: 'abandoned' });
    const failure = this.refuse(spec);
    if (failure) return fail(failure);
    const task = new FakeTask(spec);
    this.launched.push(task);
    own.push(task);
    this.setUp(task);
    return ok(task);
  }
}

/** A task that does what a test tells it. */
export class FakeTask implements Task {
  readonly spec: TaskSpec;
  readonly label = 'fake';
  readonly stops: StopHow[] = [];
  /** Commands that were run inside it. */
  readonly execs: string[] = [];
  /** When false, `stop` is noted and the task carries on until `exit` or a KILL. */
  obeysStop = true;
  /** When true, somebody else may still print once it has ended. */
  isOutputHeld = false;
  leftBehind: ProcessRef[] = [];
  listening: Listening = { by: 'task' };
  listensOn: readonly number[] | undefined;
  /** What a command run inside it comes to. Nothing: it hangs. */
  onExec: () => CommandEnd | undefined = () => ({ exit: { kind: 'code', code: 0 }, output: '' });
  healthcheck: CommandSpec | undefined;
  listensInside: ((port: number) => Promise<boolean>) | undefined;
  doubted: readonly string[] = [];
  /** What it has put into its file of outputs. */
  handedOver: Result<string, string> = ok('');
  readonly #exited = Promise.withResolvers<Exit>();
  readonly #chunks: OutputChunk[] = [];
  #more = Promise.withResolvers<undefined>();
  #killed = false;
  runs = true;

  constructor(spec: TaskSpec) {
    this.spec = spec;
  }

  get exited(): Promise<Exit> {
    return this.#exited.promise;
  }

  get output(): AsyncIterable<OutputChunk> {
    return this.#read();
  }

  print(text: string, stream: OutputStream = 'stdout'): void {
    this.#chunks.push({ stream, bytes: Buffer.from(text) });
    this.#wake();
  }

  exit(exit: Exit | number): void {
    this.runs = false;
    this.#exited.resolve(typeof exit === 'number' ? { kind: 'code', code: exit } : exit);
    this.#wake();
  }

  async stop(how: StopHow): Promise<Stopped> {
    const { leftBehind } = this;
    const wasRunning = this.runs;
    if (wasRunning) this.stops.push(how);
    if (wasRunning && how.graceMs === 0) {
      this.#killed = how.signal !== 'KILL';
      this.exit({ kind: 'signal', signal: 'KILL' });
    } else if (wasRunning && this.obeysStop) this.exit({ kind: 'signal', signal: how.signal });
    await this.exited;
    return { killed: this.#killed, leftBehind: wasRunning ? [] : leftBehind };
  }

  async exec(
    { run }: Pick<TaskSpec, 'run'>,
    signal: AbortSignal,
  ): Promise<Result<CommandEnd, LaunchFailure>> {
    this.execs.push(
      run.kind === 'argv' ? run.argv.join(' ') : run.kind === 'script' ? run.text : '',
    );
    const end = this.onExec();
    if (end) return ok(end);
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
    return fail({ kind: 'abandoned' });
  }

  reach(port: number): Address {
    return { host: this.spec.name, port };
  }

  listens(): Promise<Listening> {
    return Promise.resolve(this.listening);
  }

  ports(): Promise<readonly number[] | undefined> {
    return Promise.resolve(this.listensOn);
  }

  async outputs(): Promise<Result<string, string>> {
    await this.exited;
    return this.handedOver;
  }

  doubts(): Promise<readonly string[]> {
    return Promise.resolve(this.doubted);
  }

  async *#read(): AsyncGenerator<OutputChunk> {
    for (let next = 0; ; next++) {
      while (next >= this.#chunks.length) {
        if (!this.runs && !this.isOutputHeld) return;
        await this.#more.promise;
      }
      yield this.#chunks[next]!;
    }
  }

  #wake(): void {
    this.#more.resolve(undefined);
    this.#more = Promise.withResolvers();
  }
}
