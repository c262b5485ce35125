import { join, resolve } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { findAccount } from './account.ts';
import { GroupTree, inGroup, removeGroup } from './control-group.ts';
import { HostTask } from './host-task.ts';
import { addLeader, removeLease } from './lease.ts';
import { listenerOn } from './listening.ts';
import { memoryKills } from './memory-kills.ts';
import { observe } from './observer.ts';
import { processTable } from './process-table.ts';
import { TableTree } from './process-tree.ts';
import { spawnChild } from './spawn-child.ts';

import type { ChildProcess } from 'node:child_process';
import type { Result } from '../../base/result.ts';
import type { Address, LaunchFailure, ProcessRef, Sandbox, TaskSpec } from '../executor.ts';
import type { Account } from './account.ts';
import type { PipeStore } from './pipes.ts';
import type { Scratch } from './scratch.ts';
import type { Watch } from './watch.ts';

/** What `HostExecutor` makes for a sandbox. */
export interface HostSandboxParts {
  /** Unlike that of any other sandbox of this machine. */
  readonly id: string;
  readonly runId: string;
  readonly workspace: string;
  /** What every task gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly scratch: Scratch;
  readonly pipes: PipeStore;
  readonly lease: string;
  readonly watch: Watch;
  /** Our own control group and the one made in it for the sandbox. Absent: the process table. */
  readonly groups?: { readonly own: string; readonly sandbox: string } | undefined;
}

/** Name of the variable by which a task's processes are known in the process table. */
export const markerName = 'CONTINUO_TASK';

/** The tasks of one stage as processes of this machine. */
export class HostSandbox implements Sandbox {
  readonly #parts: HostSandboxParts;
  readonly #tasks = new Set<HostTask>();
  readonly #launching = new Set<Promise<unknown>>();
  #launches = 0;
  #closing: Promise<void> | undefined;

  constructor(parts: HostSandboxParts) {
    this.#parts = parts;
  }

  /** As the port says, and the task as what it is here. */
  async launch(spec: TaskSpec, signal: AbortSignal): Promise<Result<HostTask, LaunchFailure>> {
    const { pipes } = this.#parts;
    if (this.#isUnwanted(signal)) return fail({ kind: 'abandoned' });
    const account = spec.user === undefined ? ok(undefined) : await findAccount(spec.user);
    if (!account.ok) return fail({ kind: 'refused', detail: account.failure });
    const pipePair = await pipes.take();
    if (this.#isUnwanted(signal)) return fail({ kind: 'abandoned' });
    const starting = this.#start(spec, account.value, pipePair);
    this.#launching.add(starting);
    const started = await starting;
    this.#launching.delete(starting);
    return started;
  }

  listenerOn(port: number): Promise<ProcessRef | undefined> {
    return Promise.resolve(listenerOn(port));
  }

  addressOf(_task: string, port: number): Address {
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
    spec: TaskSpec,
    account: Account | undefined,
    pipes: string | undefined,
  ): Promise<Result<HostTask, LaunchFailure>> {
    const { id, runId, workspace, scratch, lease } = this.#parts;
    const name = String(this.#launches++);
    const marker = `${id}.${name}`;
    const { argv, script } = scratch.toArgv(spec.run, account);
    const group = this.#groupFor(name);
    const memoryKillsBefore = memoryKills();
    const spawned = await spawnChild(
      {
        argv,
        directory: resolve(workspace, spec.workingDir ?? '.'),
        environment: {
          ...this.#parts.environment,
          ...(account && { HOME: account.home, USER: account.name, LOGNAME: account.name }),
          ...spec.environment,
          CONTINUO_RUN_ID: runId,
          [markerName]: marker,
        },
        account,
        pipes,
      },
      group?.around ?? ((spawning) => spawning()),
    );
    if (!spawned.ok) {
      group?.tree.release();
      if (script !== undefined) scratch.remove(script);
      return spawned;
    }
    const child = spawned.value;
    const leader = { pid: child.pid, start: processTable.startOf(child.pid) };
    if (!group) addLeader(lease, leader);
    const traits = { leaders: [leader], marker: `${markerName}=${marker}\0`, output: pipes };
    const tree = group?.tree ?? new TableTree(traits);
    const stopObserving = group ? undefined : observe(tree);
    const task: HostTask = new HostTask({
      spec,
      child,
      leader,
      tree,
      group: group?.tree.folder,
      memoryKillsBefore,
      launch: (beside, signal) => this.launch(beside, signal),
      onStopped: () => {
        stopObserving?.();
        this.#tasks.delete(task);
        if (script !== undefined) scratch.remove(script);
      },
    });
    this.#tasks.add(task);
    return ok(task);
  }

  /** A group for one task, or none where the kernel has no more. */
  #groupFor(name: string): TaskGroup | undefined {
    const { groups } = this.#parts;
    const tree = groups && GroupTree.make(join(groups.sandbox, name));
    if (!tree) return undefined;
    return { tree, around: (spawning) => inGroup(groups.own, tree.folder, spawning) };
  }

  async #close(): Promise<void> {
    const { scratch, pipes, lease, watch, groups } = this.#parts;
    await Promise.all(Array.from(this.#tasks, (task) => task.stop({ signal: 'KILL', graceMs: 0 })));
    if (groups) removeGroup(groups.sandbox);
    await pipes[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
    removeLease(lease);
    await watch.dismiss();
  }
}

interface TaskGroup {
  readonly tree: GroupTree;
  readonly around: (spawning: () => ChildProcess) => ChildProcess;
}
