import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { fail, ok } from '../base/result.ts';
import { sendWhileRunning } from '../control/send-command.ts';
import { hasBegun } from '../event/begun.ts';
import { orderFile, wipeOrder } from '../journal/order-file.ts';
import { summarizeRun } from '../journal/run-summary.ts';
import { runFolder } from '../journal/state-dir.ts';
import { KeptOrders, nameOfOrder, unbegun } from './kept-orders.ts';
import { beginRun, makeRunFolder, soon } from './launch-runner.ts';
import { writeShortJournal } from './short-journal.ts';
import { withVariable } from './with-variable.ts';

import type { Result } from '../base/result.ts';
import type { BeginsAfter, Kept } from './kept-orders.ts';
import type { LaunchWorld, NotBegun, Wish } from './launch-runner.ts';
import type { Order } from './order.ts';
import type { IndexedRun } from './run-table.ts';
import type { RunViews } from './run-views.ts';
import type { WhyUnbegun } from './short-journal.ts';
import type { Given } from './with-variable.ts';

export interface LoadedWorld extends LaunchWorld {
  /** The folder of what the server remembers. */
  readonly serverDir: string;
  readonly views: RunViews;
  /** Hears what is wrong with the disk, in words. */
  readonly onTrouble: (text: string) => void;
}

/**
 * The runs of which nothing has begun. Each is kept by its order, so that it outlives every process; one
 * that was read has a runner besides, which waits at its start, and which is started again when it died.
 */
export class LoadedRuns {
  readonly #world: LoadedWorld;
  readonly #orders: KeptOrders;
  /** What is being done to each, one thing after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Those whose process reads them, or has ended before they began. */
  readonly #beginnings = new Map<string, Promise<Result<void, NotBegun>>>();
  #settling: Promise<void> | undefined;

  constructor(world: LoadedWorld) {
    this.#world = world;
    this.#orders = new KeptOrders(world.stateDir, world.serverDir);
  }

  /** Keeps a run whose pipeline is read when it is first asked for something, or when it begins by itself. */
  keep(wish: Wish, begins?: BeginsAfter): IndexedRun {
    const { stateDir, index } = this.#world;
    const at = Date.now();
    const run = makeRunFolder(stateDir, at);
    const order = { ...wish, load: true, run, stateDir };
    this.#orders.put({ order, at, ...(begins && { begins }) });
    const kept = {
      id: run,
      pipeline: nameOfOrder(wish),
      outcome: 'loaded',
      startedAt: at,
    } as const;
    index.add(kept);
    return kept;
  }

  /** Has a pipeline read and checked, and its run wait at its start. What has mistakes is not kept. */
  async load(wish: Wish): Promise<Result<IndexedRun, NotBegun>> {
    const { stateDir, index } = this.#world;
    const kept = this.keep(wish);
    const woken = await this.wake(kept.id);
    if (woken.ok) return ok((await index.find(kept.id)) ?? kept);
    await rm(runFolder(stateDir, kept.id), { recursive: true, force: true });
    index.remove(kept.id);
    return woken;
  }

  /** What a run is kept by; `undefined` when it is not, or when its secrets cannot be opened any more. */
  kept(run: string): Kept | undefined {
    return this.#orders.get(run);
  }

  /** The run after which another begins by itself; `undefined` when nothing is kept of that, or it waits for none. */
  after(run: string): string | undefined {
    return unbegun(this.#world.stateDir, run)?.after;
  }

  /** Sees to it that a process waits at the start of a run, or begins to read it. */
  wake(run: string): Promise<Result<void, NotBegun>> {
    return this.#inTurn(run, async () => {
      const { stateDir, isAlive } = this.#world;
      const summary = await summarizeRun(stateDir, run, isAlive);
      if (summary?.outcome === 'running') return ok(undefined);
      // Another process would not read any faster.
      let beginning = this.#beginnings.get(run);
      if (!beginning) {
        const known = this.#orders.get(run);
        if (!known) return fail(unopened);
        await this.#clear(run);
        beginning = this.#begins(known.order);
      }
      const begun = await soon(beginning, this.#world);
      if (begun === 'slow') return ok(undefined);
      this.#beginnings.delete(run);
      return begun;
    });
  }

  /** Starts the process of a run. Why it never begins is remembered until somebody asks. */
  #begins(order: Order): Promise<Result<void, NotBegun>> {
    const beginning = beginRun(order, this.#world);
    this.#beginnings.set(order.run, beginning);
    const forget = (): void => void this.#beginnings.delete(order.run);
    beginning.then((begun) => begun.ok && forget(), forget);
    return beginning;
  }

  /** Lets a run begin by itself after another, from now on. `false`: it has begun already. */
  beginAfter(run: string, begins: BeginsAfter): Promise<boolean> {
    return this.#change(run, (kept) => ({ ...kept, begins }));
  }

  /** Gives a variable to a run that has not begun. `false`: it has. */
  give(run: string, given: Given): Promise<boolean> {
    return this.#change(run, (kept) => ({ ...kept, order: withVariable(kept.order, given) }));
  }

  /** Ends a run of which nothing is read: what became of it is all that there will be. */
  async drop(run: string, why: WhyUnbegun): Promise<void> {
    await this.#inTurn(run, async () => {
      const { stateDir, version, ownerOf, pid, index } = this.#world;
      const known = this.#orders.get(run);
      const { name } = known ? { name: nameOfOrder(known.order) } : { name: '' };
      const workspace = known?.order.workspace ?? '';
      const secrets = Object.values(known?.order.secrets ?? {});
      const owner = ownerOf(pid);
      this.#beginnings.delete(run);
      await this.#clear(run);
      await writeShortJournal({ stateDir, run, name, workspace, secrets, owner, version }, why);
      wipeOrder(stateDir, run);
      await index.refresh();
    });
  }

  /** A run has begun: nothing needs to be kept of it any more. */
  async begun(run: string): Promise<void> {
    wipeOrder(this.#world.stateDir, run);
    await this.#world.index.refresh();
  }

  /**
   * Looks at all of them: what has begun is not kept any more, and what was to begin after a run that has ended
   * begins. Several at once are one. Never rejects.
   */
  settle(): Promise<void> {
    this.#settling ??= this.#settle()
      .catch((error: unknown) => this.#world.onTrouble((error as Error).message))
      .finally(() => (this.#settling = undefined));
    return this.#settling;
  }

  async #settle(): Promise<void> {
    const loaded = this.#world.index.loaded();
    await Promise.all(loaded.map(({ id }) => this.#look(id)));
    this.#orders.tidy(loaded.map(({ id }) => id));
  }

  async #look(run: string): Promise<void> {
    const view = await this.#world.views.of(run);
    if (view && hasBegun(view)) return this.begun(run);
    const begins = this.#orders.get(run)?.begins;
    if (!begins) return;
    const { after, always } = begins;
    const before = await this.#world.index.find(after);
    const outcome = before?.outcome ?? 'forgotten';
    if (outcome === 'running' || outcome === 'starting' || outcome === 'loaded') return;
    if (always || outcome === 'succeeded') await this.#begin(run, after);
    else await this.#end(run, `run ${after}, which ${became[outcome]}`);
  }

  async #begin(run: string, after: string): Promise<void> {
    const woken = await this.wake(run);
    if (woken.ok) await this.#tell(run, { do: 'resume', to: 'all', by: `run ${after}` });
    else await this.drop(run, { kind: 'failed', detail: woken.failure.said.trim() });
  }

  async #end(run: string, by: string): Promise<void> {
    const { stateDir, isAlive } = this.#world;
    const summary = await summarizeRun(stateDir, run, isAlive);
    if (summary?.outcome === 'running') await this.#tell(run, { do: 'kill', by });
    else await this.drop(run, { kind: 'cancelled', by });
  }

  async #tell(run: string, command: Parameters<typeof sendWhileRunning>[1]): Promise<void> {
    const { stateDir } = this.#world;
    const isRunning = (): Promise<boolean> => Promise.resolve(true);
    const told = await sendWhileRunning(runFolder(stateDir, run), command, isRunning);
    if (told.ok) await this.begun(run);
  }

  async #change(run: string, change: (kept: Kept) => Kept): Promise<boolean> {
    return this.#inTurn(run, () => {
      const known = this.#orders.get(run);
      if (known) this.#orders.put(change(known));
      return Promise.resolve(known !== undefined);
    });
  }

  /** Removes what a runner that is dead has left in the folder of a run. */
  async #clear(run: string): Promise<void> {
    const folder = runFolder(this.#world.stateDir, run);
    const kept = orderFile(this.#world.stateDir, run);
    const paths = (await readdir(folder)).map((name) => join(folder, name));
    const others = paths.filter((path) => path !== kept);
    await Promise.all(others.map((path) => rm(path, { recursive: true, force: true })));
    this.#world.views.forget(run);
  }

  #inTurn<T>(run: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(run) ?? Promise.resolve()).then(work, work);
    this.#turns.set(run, turn);
    void turn
      .catch(() => undefined)
      .then(() => {
        if (this.#turns.get(run) === turn) this.#turns.delete(run);
      });
    return turn;
  }
}

const unopened: NotBegun = {
  code: undefined,
  said: 'What the run was loaded with cannot be read any more. Load it again.',
};

const became = {
  failed: 'failed',
  cancelled: 'was cancelled',
  lost: 'was lost',
  forgotten: 'is forgotten',
} as const;
