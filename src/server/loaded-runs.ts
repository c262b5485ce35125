import { existsSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { fail, ok } from '../base/result.ts';
import { sendWhileRunning } from '../control/send-command.ts';
import { isKept, orderFile, runBefore, wipeOrder } from '../journal/order-file.ts';
import { summarizeRun } from '../journal/run-summary.ts';
import { journalPath, runFolder } from '../journal/state-dir.ts';
import { endReader } from './end-reader.ts';
import { KeptOrders, nameOfOrder, unbegun } from './kept-orders.ts';
import { beginRun, makeRunFolder, soon } from './launch-runner.ts';
import { writeShortJournal } from './short-journal.ts';
import { hasBegun } from './wipe-begun.ts';
import { withVariable } from './with-variable.ts';

import type { Result } from '../base/result.ts';
import type { BeginsAfter, Kept, Unbegun } from './kept-orders.ts';
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

/** A run of which nothing has begun, and what it is called. */
type Unread = Pick<IndexedRun, 'id' | 'pipeline'>;

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
  /** Those that are being looked at. */
  readonly #looks = new Set<string>();
  /** What was wrong with each when it was last looked at. */
  readonly #troubles = new Map<string, string>();

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

  /** What is told of a run as long as it is kept. */
  told(run: string): Unbegun | undefined {
    return unbegun(this.#world.stateDir, run);
  }

  /** Sees to it that a process waits at the start of a run, or begins to read it. */
  wake(run: string): Promise<Result<void, NotBegun>> {
    return this.#inTurn(run, async () => {
      const { stateDir, isAlive } = this.#world;
      const summary = await summarizeRun(stateDir, run, isAlive);
      // Ended meanwhile, as the journal says by now.
      const isEnded = summary ? summary.endedAt !== undefined : this.#hasJournal(run);
      if (isEnded || summary?.outcome === 'running') return ok(undefined);
      // Another process would not read any faster.
      let beginning = this.#beginnings.get(run);
      // Of an earlier start of the server.
      if (!beginning && this.isBeingRead(run)) return ok(undefined);
      if (!beginning) {
        const known = this.#orders.get(run);
        if (!known) return fail(unopened);
        this.#clear(run);
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
    const { index, ownerOf } = this.#world;
    const beginning = beginRun(order, this.#world, (pid) =>
      index.addReader(order.run, ownerOf(pid)),
    );
    this.#beginnings.set(order.run, beginning);
    const forget = (): void => void this.#beginnings.delete(order.run);
    beginning.then((begun) => begun.ok && forget(), forget);
    return beginning;
  }

  /** Whether a process reads a run still, and so takes nothing that is asked of it. */
  isBeingRead(run: string): boolean {
    const reader = this.#world.index.readerOf(run);
    return reader !== undefined && this.#world.isAlive(reader) && !this.#hasJournal(run);
  }

  /** Lets a run begin by itself after another, from now on. `false`: it has begun already. */
  beginAfter(run: string, begins: BeginsAfter): Promise<boolean> {
    return this.#change(run, (kept) => ({ ...kept, begins }));
  }

  /** Whether a run is the other, or begins by itself only after it, however many come between them. */
  isBehind(run: string, other: string): boolean {
    const seen = new Set<string>();
    let each: string | undefined = run;
    while (each !== undefined && each !== other && !seen.has(each)) {
      seen.add(each);
      each = runBefore(this.#world.stateDir, each);
    }
    return each === other;
  }

  /** Gives a variable to a run that has not begun. `false`: it has. */
  give(run: string, given: Given): Promise<boolean> {
    return this.#change(run, (kept) => ({ ...kept, order: withVariable(kept.order, given) }));
  }

  /**
   * Ends a run of which nothing has begun, and the process that reads it, if one does: what became of it is all that
   * there will be. `false`: a process waits at its start, or has begun it, and is to be asked.
   */
  async drop(run: Unread, why: WhyUnbegun): Promise<boolean> {
    // Who waits for a process that reads has the turn.
    if (await this.#endUnread(run, why)) return true;
    return this.#inTurn(run.id, async () => {
      const { stateDir, isAlive } = this.#world;
      const summary = await summarizeRun(stateDir, run.id, isAlive);
      if (summary?.endedAt !== undefined) return true;
      if (summary?.outcome === 'running' || !isKept(stateDir, run.id)) return false;
      this.#clear(run.id);
      return this.#endUnread(run, why);
    });
  }

  /**
   * Ends a run that has no journal: `false` when it has one. Whoever writes its first record decides whether it
   * begins, so that a process that has read all of it by then cannot begin it any more.
   */
  async #endUnread({ id: run, pipeline: name }: Unread, why: WhyUnbegun): Promise<boolean> {
    const { stateDir, version, ownerOf, pid, index } = this.#world;
    // From the journal on, the index has us in its place.
    const reader = index.readerOf(run);
    const known = this.#orders.get(run)?.order;
    const workspace = known?.workspace ?? '';
    const secrets = Object.values(known?.secrets ?? {});
    const unbegun = { stateDir, run, name, workspace, secrets, owner: ownerOf(pid), version };
    if (!(await writeShortJournal(unbegun, why))) return false;
    wipeOrder(stateDir, run);
    if (reader) await endReader(reader, this.#world);
    this.#beginnings.delete(run);
    await index.refresh();
    return true;
  }

  /** A run has begun: nothing needs to be kept of it any more. */
  async begun(run: string): Promise<void> {
    wipeOrder(this.#world.stateDir, run);
    await this.#world.index.refresh();
  }

  /**
   * Has all of them looked at, but those that still are: what has begun is not kept any more, and what was to begin
   * after a run that has ended begins, however long that takes others. Never throws.
   */
  settle(): void {
    const { index, onTrouble } = this.#world;
    try {
      const loaded = index.loaded();
      for (const run of loaded) void this.#lookOnce(run);
      this.#orders.tidy(loaded.map(({ id }) => id));
    } catch (error) {
      onTrouble((error as Error).message);
    }
  }

  /** Never rejects: what is wrong with each run is told once. */
  async #lookOnce(run: Unread): Promise<void> {
    const { id } = run;
    if (this.#looks.has(id)) return;
    this.#looks.add(id);
    try {
      await this.#look(run);
      this.#troubles.delete(id);
    } catch (error) {
      const { message } = error as Error;
      if (this.#troubles.get(id) !== message) this.#world.onTrouble(message);
      this.#troubles.set(id, message);
    }
    this.#looks.delete(id);
  }

  async #look(run: Unread): Promise<void> {
    if (await hasBegun(this.#world.stateDir, run.id)) return this.begun(run.id);
    const begins = this.#orders.get(run.id)?.begins;
    if (!begins) return;
    const { after, always } = begins;
    const before = await this.#world.index.find(after);
    const outcome = before?.outcome ?? 'forgotten';
    if (outcome === 'running' || outcome === 'starting' || outcome === 'loaded') return;
    if (always || outcome === 'succeeded') await this.#begin(run, after);
    else await this.#end(run, `run ${after}, which ${became[outcome]}`);
  }

  async #begin(run: Unread, after: string): Promise<void> {
    const woken = await this.wake(run.id);
    if (woken.ok) await this.#tell(run.id, { do: 'resume', to: 'all', by: `run ${after}` });
    else await this.drop(run, { kind: 'failed', detail: woken.failure.said.trim() });
  }

  async #end(run: Unread, by: string): Promise<void> {
    const isEnded = await this.drop(run, { kind: 'cancelled', by });
    if (!isEnded) await this.#tell(run.id, { do: 'kill', by });
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

  /**
   * Removes what a runner that is dead has left in the folder of a run. At once: a journal that says how the run ended
   * meanwhile is not to be among it.
   */
  #clear(run: string): void {
    const folder = runFolder(this.#world.stateDir, run);
    const kept = orderFile(this.#world.stateDir, run);
    const paths = readdirSync(folder).map((name) => join(folder, name));
    for (const path of paths) if (path !== kept) rmSync(path, { recursive: true, force: true });
    this.#world.views.forget(run);
  }

  #hasJournal(run: string): boolean {
    return existsSync(journalPath(this.#world.stateDir, run));
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
