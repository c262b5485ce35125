import { resolve } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { handsOver, inPlace, placeVariables } from '../common/place-facts.ts';
import { processTable } from '../common/process-table.ts';
import { HostTask } from './host-task.ts';
import { listenerOn } from './listening.ts';
import { MemoryWatch } from './memory-watch.ts';
import { markerName } from './process-tree.ts';
import { spawnChild } from './spawn-child.ts';

import type { Result } from '../../base/result.ts';
import type { Address, LaunchFailure, ProcessRef, Sandbox, TaskSpec } from '../executor.ts';
import type { Watch } from '../common/watch.ts';
import type { Account, Accounts } from './account.ts';
import type { Census } from './census.ts';
import type { KeptLease } from './lease.ts';
import type { Stay } from './our-group.ts';
import type { PipeStore } from './pipes.ts';
import type { Scratch } from './scratch.ts';
import type { SharedFolders } from './shared-folders.ts';

/** What `HostExecutor` makes for a sandbox. */
export interface HostSandboxParts {
  /** Unlike that of any other sandbox of this machine. */
  readonly id: string;
  readonly runId: string;
  readonly workspace: string;
  /** What every task gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly accounts: Accounts;
  readonly scratch: Scratch;
  readonly shared: SharedFolders;
  readonly pipes: PipeStore;
  readonly lease: KeptLease;
  readonly watch: Watch;
  readonly stay: Stay;
}

/** The tasks of one stage as processes of this machine. */
export class HostSandbox implements Sandbox {
  readonly #parts: HostSandboxParts;
  readonly #tasks = new Set<HostTask>();
  readonly #launching = new Set<Promise<unknown>>();
  #memory: MemoryWatch | undefined;
  #launches = 0;
  #closing: Promise<void> | undefined;

  constructor(parts: HostSandboxParts) {
    this.#parts = parts;
  }

  /** As the port says, and the task as what it is here. */
  async launch(spec: TaskSpec, signal: AbortSignal): Promise<Result<HostTask, LaunchFailure>> {
    const { pipes, stay, accounts } = this.#parts;
    if (this.#isUnwanted(signal)) return fail({ kind: 'abandoned' });
    const account = spec.user === undefined ? ok(undefined) : accounts.find(spec.user);
    if (!account.ok) return fail({ kind: 'refused', detail: account.failure });
    const [pipePair, census] = await Promise.all([pipes.take(), stay.census]);
    if (this.#isUnwanted(signal)) return fail({ kind: 'abandoned' });
    const starting = this.#start(spec, census, account.value, pipePair);
    this.#launching.add(starting);
    try {
      const started = await starting;
      if (!started.ok || !signal.aborted) return started;
      await started.value.stop({ signal: 'KILL', graceMs: 0 });
      return fail({ kind: 'abandoned' });
    } catch (error) {
      // A directory that we may not look into, mostly.
      return fail({ kind: 'refused', detail: (error as Error).message });
    } finally {
      this.#launching.delete(starting);
    }
  }

  prepare(): void {
    // A process is started in less time than it would take to look ahead.
  }

  listenerOn(port: number): Promise<ProcessRef | undefined> {
    return listenerOn(port);
  }

  addressOf(_task: string, port: number): Address {
    return { host: 'localhost', port };
  }

  addressOfHost(address: Address): Address {
    return address;
  }

  addressFromHost(_task: string, port: number): Address {
    return { host: 'localhost', port };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #isUnwanted(signal: AbortSignal): boolean {
    return signal.aborted || this.#closing !== undefined;
  }

  async #start(
    asked: TaskSpec,
    census: Census,
    account: Account | undefined,
    pipes: string | undefined,
  ): Promise<Result<HostTask, LaunchFailure>> {
    const { id, runId, workspace, scratch, shared, lease, stay } = this.#parts;
    const memory = (this.#memory ??= new MemoryWatch(census.isClosed ? stay.group : undefined));
    const name = String(this.#launches++);
    const marker = `${id}.${name}`;
    const directory = resolve(workspace, asked.workingDir ?? '.');
    const folders = shared.all;
    const outputs = handsOver(asked) ? scratch.placeOutputs(account) : ok(undefined);
    if (!outputs.ok) return outputs;
    const place = {
      container: '',
      network: '',
      workspace,
      workingDir: directory,
      folders,
      outputs: outputs.value ?? '',
    };
    const spec = inPlace(asked, place);
    const placed = scratch.place(spec.run, account);
    if (!placed.ok) return placed;
    const { argv, script } = placed.value;
    if (account) shared.openTo(scratch);
    const environment = {
      ...this.#parts.environment,
      ...(account && { HOME: account.home, USER: account.name, LOGNAME: account.name }),
      ...placeVariables(spec, place),
      ...spec.environment,
    };
    const spawned = await spawnChild({
      argv,
      directory,
      environment: {
        ...environment,
        ...shared.pathBefore(environment),
        CONTINUO_RUN_ID: runId,
        [markerName]: marker,
      },
      account,
      pipes,
      isTied: !census.isClosed,
    });
    if (!spawned.ok) {
      if (script !== undefined) scratch.remove(script);
      return spawned;
    }
    const child = spawned.value;
    const leader = { pid: child.pid, start: processTable.startOf(child.pid) };
    lease.launched(leader);
    const tree = census.track({ leader, marker, output: pipes });
    const task: HostTask = new HostTask({
      spec,
      child,
      leader,
      outputs: outputs.value,
      tree,
      memory,
      launch: (beside, signal) => this.launch(beside, signal),
      onStopped: ({ survivors }) => {
        this.#tasks.delete(task);
        if (!survivors) lease.ended(leader);
        if (script !== undefined) scratch.remove(script);
        // Not before: as long as the task is known, its pipes tell whose a process is.
        void task.output.closed.then((isClean) => {
          if (isClean && pipes !== undefined) this.#parts.pipes.giveBack(pipes);
        });
      },
    });
    this.#tasks.add(task);
    return ok(task);
  }

  async #close(): Promise<void> {
    const { scratch, pipes, lease, watch, stay } = this.#parts;
    // What is just being started becomes a task first.
    await Promise.allSettled(this.#launching);
    await Promise.all(Array.from(this.#tasks, (task) => task.stop({ signal: 'KILL', graceMs: 0 })));
    this.#memory?.[Symbol.dispose]();
    const removal = pipes[Symbol.asyncDispose]().then(() => scratch[Symbol.asyncDispose]());
    await Promise.all([stay.leave(), removal]);
    lease[Symbol.dispose]();
    await watch.dismiss();
  }
}
