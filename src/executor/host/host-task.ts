import { fail, ok } from '../../base/result.ts';
import { OutputTail } from '../common/output-tail.ts';
import { isAlive } from '../common/process-table.ts';
import { Ending } from './ending.ts';
import { listeningOf, portsListenedOn } from './listening.ts';
import { readOutputs } from './read-outputs.ts';
import { TaskOutput } from './task-output.ts';

import type { Result } from '../../base/result.ts';
import type {
  Address,
  CommandEnd,
  Exit,
  LaunchFailure,
  Listening,
  Stopped,
  StopHow,
  Task,
  TaskSpec,
} from '../executor.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { Identity } from '../common/process-table.ts';
import type { ProcessTree } from './process-tree.ts';
import type { Child } from './spawn-child.ts';

/** Starts another task beside this one. */
type Launch = (spec: TaskSpec, signal: AbortSignal) => Promise<Result<HostTask, LaunchFailure>>;

/** What a task is made of once its process runs. */
export interface HostTaskParts {
  readonly spec: TaskSpec;
  readonly child: Child;
  readonly leader: Identity;
  /** The file for what it hands over, if it is to. */
  readonly outputs: string | undefined;
  readonly tree: ProcessTree;
  readonly memory: MemoryWatch;
  readonly launch: Launch;
  /** Called once nothing of the task is left, or nothing that can be ended. */
  readonly onStopped: (stopped: Stopped) => void;
}

/** A process of this machine and everything it started. */
export class HostTask implements Task {
  readonly label: string;
  readonly output: TaskOutput;
  readonly #parts: HostTaskParts;
  readonly #exit = Promise.withResolvers<Exit>();
  #ending: Ending | undefined;
  #stopped: Promise<Stopped> | undefined;

  constructor(parts: HostTaskParts) {
    this.#parts = parts;
    this.label = `pid ${parts.leader.pid}`;
    this.output = new TaskOutput(parts.child.streams);
    this.#watchExit();
  }

  get exited(): Promise<Exit> {
    return this.#exit.promise;
  }

  stop(how: StopHow): Promise<Stopped> {
    if (this.#ending) this.#ending.insist(how);
    const { tree, leader } = this.#parts;
    this.#ending ??= new Ending(tree, isAlive(leader) ? leader : undefined, how);
    this.#stopped ??= this.#settle(this.#ending);
    return this.#stopped;
  }

  async exec(
    { run, environment }: Pick<TaskSpec, 'run' | 'environment'>,
    signal: AbortSignal,
  ): Promise<Result<CommandEnd, LaunchFailure>> {
    const { spec, launch } = this.#parts;
    const launched = await launch(
      { ...spec, run, environment: { ...spec.environment, ...environment } },
      signal,
    );
    if (!launched.ok) return launched;
    const command = launched.value;
    const end = (): void => void command.stop({ signal: 'KILL', graceMs: 0 });
    signal.addEventListener('abort', end, { once: true });
    // It may have aborted while nobody listened.
    if (signal.aborted) end();
    try {
      const printing = new OutputTail().read(command.output);
      const exit = await command.exited;
      await command.stop({ signal: 'KILL', graceMs: 0 });
      const printed = await printing;
      return signal.aborted ? fail({ kind: 'abandoned' }) : ok({ exit, ...printed });
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  reach(port: number): Address {
    return { host: 'localhost', port };
  }

  listens(port: number): Promise<Listening> {
    const { tree, leader } = this.#parts;
    return listeningOf(port, () => tree.members(), leader);
  }

  ports(): Promise<readonly number[] | undefined> {
    return portsListenedOn(this.#parts.tree.members());
  }

  async outputs(): Promise<Result<string, string>> {
    await this.exited;
    const { outputs } = this.#parts;
    return outputs === undefined ? ok('') : readOutputs(outputs);
  }

  doubts(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async #settle(ending: Ending): Promise<Stopped> {
    const stopped = await ending.stopped;
    const { child, leader } = this.#parts;
    if (stopped.survivors?.some(({ pid }) => pid === leader.pid)) {
      child.process.unref();
      this.#exit.resolve({ kind: 'lost', detail: 'it could not be ended' });
    }
    await this.exited;
    void this.output.finish();
    this.#parts.onStopped(stopped);
    return stopped;
  }

  #watchExit(): void {
    const { resolve } = this.#exit;
    // Not `close`: a grandchild that holds the output open does not keep the leader from having ended.
    this.#parts.child.process.once('exit', (code, signal) => {
      const mayBeMemory = signal === 'SIGKILL' || code === sigkillInShell;
      if (mayBeMemory && !this.#ending && this.#parts.memory.hasKilled())
        resolve({ kind: 'outOfMemory' });
      else if (signal) resolve({ kind: 'signal', signal: signal.slice('SIG'.length) });
      else resolve({ kind: 'code', code: code ?? 0 });
    });
  }
}

/** How a shell tells that its last command was killed. */
const sigkillInShell = 137;
