import { isTask, nodesOf, servicesBefore, servicesOf } from '../plan/order.ts';
import { WholeRun } from './attempt.ts';
import { closingWith } from './group.ts';
import { runMembers } from './members.ts';
import { Service } from './service.ts';
import { sharedLoopback } from './shared-loopback.ts';
import { stopServices } from './stop-services.ts';

import type { Result } from '../base/result.ts';
import type { Executor, OpenFailure, Sandbox } from '../executor/executor.ts';
import type { Command, Stage } from '../plan/plan.ts';
import type { RunContext, StageContext } from './run-context.ts';

export interface StageWorld {
  readonly runId: string;
  readonly workspace: string;
  executorFor(command: Command): Executor;
  /** Whether the run has failed, and what can be left up is to be. */
  mayKeep(): boolean;
}

/**
 * Runs one stage: begins to open what its tasks share, runs its steps, stops
 * its services, and removes everything that was opened. Never leaves anything behind, whatever
 * happened, unless it is to be kept: then it answers the commands by which one gets in.
 */
export async function runStage(
  stage: Stage,
  run: RunContext,
  world: StageWorld,
): Promise<readonly string[]> {
  run.recorder.event({ type: 'stage.started', stage: stage.id });
  let commands: readonly string[];
  const sandboxes = new Sandboxes(stage, world, run);
  const services = new Map<string, Service>();
  for (const node of nodesOf(stage.root))
    if (isTask(node)) void sandboxes.get(world.executorFor(node.command));
  const context: StageContext = {
    ...run,
    services,
    before: servicesBefore(stage),
    toldMissing: new Set(),
    told: stage.around?.environment ?? [],
    runId: world.runId,
    sandboxFor: (command) => sandboxes.get(world.executorFor(command)),
    opened: () => sandboxes.all,
    openedFor: (command) => sandboxes.opened(world.executorFor(command)),
  };
  for (const spec of servicesOf(stage.root)) services.set(spec.id, new Service(spec, context));
  try {
    await runMembers(stage.root, context, new WholeRun(run));
    await stopServices(closingWith(stage.root, context));
    const kept = world.mayKeep() ? await sandboxes.keep() : undefined;
    const all = [...services.values()];
    for (const service of all) if (kept?.holds(service.sandbox)) service.leave();
    await stopServices(all.filter((service) => !service.isLeft));
    commands = kept?.commands ?? [];
  } finally {
    await sandboxes.close();
  }
  run.recorder.event({ type: 'stage.ended', stage: stage.id });
  return commands;
}

/** One sandbox for each executor that the stage uses. */
class Sandboxes {
  readonly #stage: Stage;
  readonly #world: StageWorld;
  readonly #run: RunContext;
  readonly #opening = new Map<Executor, Promise<Result<Sandbox, OpenFailure>>>();
  readonly #opened = new Map<Executor, Sandbox>();

  constructor(stage: Stage, world: StageWorld, run: RunContext) {
    this.#stage = stage;
    this.#world = world;
    this.#run = run;
  }

  get(executor: Executor): Promise<Result<Sandbox, OpenFailure>> {
    const { runId, workspace } = this.#world;
    let opening = this.#opening.get(executor);
    if (!opening) {
      const warn = (text: string, about?: string): void =>
        this.#run.recorder.event({ type: 'warning', text, ...(about !== undefined && { about }) });
      const { prefix, folders } = this.#stage.around ?? {};
      const spec = {
        runId,
        stage: this.#stage.id,
        workspace,
        warn,
        ...(prefix !== undefined && { prefix }),
        ...(folders && { folders }),
        ...(this.#stage.sharesLoopback && {
          sharesLoopback: sharedLoopback(this.#stage, this.#run.variables),
        }),
      };
      opening = executor.open(spec, this.#run.signal);
      this.#opening.set(executor, opening);
      void opening.then((opened) => opened.ok && this.#opened.set(executor, opened.value));
    }
    return opening;
  }

  get all(): readonly Sandbox[] {
    return [...this.#opened.values()];
  }

  opened(executor: Executor): Sandbox | undefined {
    return this.#opened.get(executor);
  }

  /** Leaves up what can be left. */
  async keep(): Promise<Kept> {
    const keepers = [...this.#opened.values()].filter((sandbox) => 'keep' in sandbox);
    const commands = await Promise.all(
      keepers.map(async (sandbox) => (await sandbox.keep?.()) ?? []),
    );
    return {
      commands: commands.flat(),
      holds: (sandbox) => sandbox !== undefined && keepers.includes(sandbox),
    };
  }

  async close(): Promise<void> {
    const opened = await Promise.all(this.#opening.values());
    await Promise.all(
      opened.filter((sandbox) => sandbox.ok).map(({ value }) => value[Symbol.asyncDispose]()),
    );
  }
}

interface Kept {
  /** The commands by which one gets in. */
  readonly commands: readonly string[];
  holds(sandbox: Sandbox | undefined): boolean;
}
