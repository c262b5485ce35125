import { servicesBefore, servicesOf } from '../plan/order.ts';
import { runMembers } from './group.ts';
import { Service } from './service.ts';
import { stopServices } from './stop-services.ts';

import type { Result } from '../base/result.ts';
import type { Executor, OpenFailure, Sandbox } from '../executor/executor.ts';
import type { Command, Stage } from '../plan/plan.ts';
import type { RunContext, StageContext } from './run-context.ts';

export interface StageWorld {
  readonly runId: string;
  readonly workspace: string;
  executorFor(command: Command): Executor;
}

/**
 * Runs one stage: opens what its tasks share when the first of them needs it, runs its steps, stops
 * its services, and removes everything that was opened. Never leaves anything behind, whatever
 * happened.
 */
export async function runStage(stage: Stage, run: RunContext, world: StageWorld): Promise<void> {
  run.recorder.event({ type: 'stage.started', stage: stage.id });
  const sandboxes = new Sandboxes(stage, world, run.signal);
  const services = new Map<string, Service>();
  const context: StageContext = {
    ...run,
    services,
    before: servicesBefore(stage),
    toldMissing: new Set(),
    sandboxFor: (command) => sandboxes.get(world.executorFor(command)),
  };
  for (const spec of servicesOf(stage.root)) services.set(spec.id, new Service(spec, context));
  try {
    await runMembers(stage.root, context, run.signal);
    await stopServices([...services.values()]);
  } finally {
    await sandboxes.close();
  }
  run.recorder.event({ type: 'stage.ended', stage: stage.id });
}

/** One sandbox for each executor that the stage uses. */
class Sandboxes {
  readonly #stage: Stage;
  readonly #world: StageWorld;
  readonly #signal: AbortSignal;
  readonly #opened = new Map<Executor, Promise<Result<Sandbox, OpenFailure>>>();

  constructor(stage: Stage, world: StageWorld, signal: AbortSignal) {
    this.#stage = stage;
    this.#world = world;
    this.#signal = signal;
  }

  get(executor: Executor): Promise<Result<Sandbox, OpenFailure>> {
    const { runId, workspace } = this.#world;
    let opened = this.#opened.get(executor);
    if (!opened) {
      opened = executor.open({ runId, stage: this.#stage.id, workspace }, this.#signal);
      this.#opened.set(executor, opened);
    }
    return opened;
  }

  async close(): Promise<void> {
    const opened = await Promise.all(this.#opened.values());
    await Promise.all(
      opened.filter((sandbox) => sandbox.ok).map(({ value }) => value[Symbol.asyncDispose]()),
    );
  }
}
