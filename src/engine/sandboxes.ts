import { sharedLoopback } from './shared-loopback.ts';

import type { Result } from '../base/result.ts';
import type { Executor, OpenFailure, Sandbox } from '../executor/executor.ts';
import type { Stage } from '../plan/plan.ts';
import type { RunContext } from './run-context.ts';
import type { StageWorld } from './stage.ts';

/** One sandbox for each executor that the stage uses. */
export class Sandboxes {
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
