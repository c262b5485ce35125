import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { fail, ok } from '../base/result.ts';
import { newRunId } from '../journal/run-id.ts';
import { summarizeRun } from '../journal/run-summary.ts';
import { makeFolder, runFolder, runsFolder } from '../journal/state-dir.ts';
import { nameOfOrder } from './kept-orders.ts';
import { writeShortJournal } from './short-journal.ts';

import type { ChildProcess } from 'node:child_process';
import type { Result } from '../base/result.ts';
import type { Owner } from '../journal/owner.ts';
import type { Processes } from './end-reader.ts';
import type { Order } from './order.ts';
import type { RunIndex } from './run-index.ts';
import type { IndexedRun } from './run-table.ts';

/** How the program that carries out one run is started: it reads its order from standard input. */
export interface RunnerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface LaunchWorld extends Processes {
  readonly stateDir: string;
  readonly index: RunIndex;
  readonly runner: RunnerCommand;
  readonly ownerOf: (pid: number) => Owner;
  readonly version: string;
  /** The process of the server. */
  readonly pid: number;
  /** So long a run is waited for. Absent: some seconds. */
  readonly patienceMs?: number;
}

/** The runner has ended before its run began. */
export interface NotBegun {
  /** Absent when it was ended by a signal, or never was. */
  readonly code: number | undefined;
  /** What it said. */
  readonly said: string;
}

/** What a runner is to do, but for where it is written down. */
export type Wish = Omit<Order, 'run' | 'stateDir'>;

/**
 * Starts a process of its own for one run, which goes on whatever becomes of us. Settles once the
 * run has begun, or after some seconds in which it has done neither that nor ended. One that ends after that without
 * having begun has failed, and its journal says why.
 */
export async function launchRunner(
  wish: Wish,
  world: LaunchWorld,
): Promise<Result<IndexedRun, NotBegun>> {
  const { stateDir, index, ownerOf } = world;
  const startedAt = Date.now();
  const run = makeRunFolder(stateDir, startedAt);
  const pipeline = nameOfOrder(wish);
  const starting: IndexedRun = { id: run, pipeline, outcome: 'starting', startedAt };
  const order = { ...wish, run, stateDir };
  const beginning = beginRun(order, world, (pid) => index.add({ ...starting, ...ownerOf(pid) }));
  const begun = await soon(beginning, world);
  // Nobody waits any more who could be told.
  if (begun === 'slow')
    void beginning
      .then(async (late) => {
        if (!late.ok) await endUnbegun({ ...order, startedAt }, late.failure, world);
      })
      // A disk that fails is told of where it is written to next; the run is lost.
      .catch(() => undefined);
  if (begun === 'slow' || begun.ok) return ok((await index.find(run)) ?? starting);
  await rm(runFolder(stateDir, run), { recursive: true, force: true });
  index.remove(run);
  return begun;
}

/** What has come of a beginning within the time that is waited for it, and `slow` when nothing has. */
export async function soon(
  beginning: Promise<Result<void, NotBegun>>,
  { patienceMs = usualPatienceMs }: Pick<LaunchWorld, 'patienceMs'>,
): Promise<Result<void, NotBegun> | 'slow'> {
  const over = new AbortController();
  const slow = delay(patienceMs, 'slow' as const, { signal: over.signal, ref: false });
  try {
    return await Promise.race([beginning, slow.catch(() => 'slow' as const)]);
  } finally {
    over.abort();
  }
}

/** Writes down why a run never began, where nobody else could be told. */
async function endUnbegun(
  { startedAt, ...order }: Order & { readonly startedAt: number },
  { said }: NotBegun,
  { stateDir, index, version, ownerOf, pid }: LaunchWorld,
): Promise<void> {
  const { run, workspace } = order;
  const name = nameOfOrder(order);
  const secrets = Object.values(order.secrets);
  const unbegun = { stateDir, run, name, workspace, secrets, owner: ownerOf(pid), version };
  const isWritten = await writeShortJournal(unbegun, { kind: 'failed', detail: said.trim() });
  if (isWritten)
    index.add({ id: run, pipeline: name, outcome: 'failed', startedAt, endedAt: Date.now() });
}

/**
 * Starts the process of a run that has a folder, and no journal in it. Settles once the run has begun, or its
 * process has ended, however long that takes: what is read has time limits of its own.
 */
export async function beginRun(
  order: Order,
  { stateDir, runner, isAlive }: LaunchWorld,
  onStart: (pid: number) => void = () => undefined,
): Promise<Result<void, NotBegun>> {
  const { run } = order;
  const saidPath = join(runFolder(stateDir, run), saidFile);
  const said = openSync(saidPath, 'ax', 0o600);
  const child = spawn(runner.file, [...runner.args, run], {
    cwd: order.workspace,
    env: { ...runner.env },
    stdio: ['pipe', 'ignore', said],
    // In a session of its own: what ends us by the terminal does not end it.
    detached: true,
  });
  closeSync(said);
  child.unref();
  const ended = endOf(child);
  // When it has ended already, that is told by its end.
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(JSON.stringify(order));
  if (child.pid !== undefined) onStart(child.pid);
  for (let code: number | undefined | 'running' = 'running', restMs = firstPollMs; ;) {
    const reading = summarizeRun(stateDir, run, isAlive);
    // What cannot be read in this moment is asked for again, as long as it goes on.
    const summary = await (code === 'running' ? reading.catch(() => undefined) : reading);
    if (summary?.pid !== undefined) return ok(undefined);
    if (code !== 'running') return fail({ code, said: await readStart(saidPath) });
    code = await Promise.race([ended, delay(restMs, 'running' as const)]);
    restMs = Math.min(restMs * 1.02, longestPollMs);
  }
}

const usualPatienceMs = 20_000;
const firstPollMs = 15;
const longestPollMs = 500;
const saidFile = 'runner.log';
const maxSaidBytes = 64 * 1_024;

/** A folder for a new run, which nobody else has made. */
export function makeRunFolder(stateDir: string, now: number): string {
  makeFolder(runsFolder(stateDir));
  for (;;) {
    const run = newRunId(now);
    try {
      mkdirSync(runFolder(stateDir, run), { mode: 0o700 });
      return run;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function endOf(child: ChildProcess): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  child.once('error', () => resolve(undefined));
  child.once('exit', (code) => resolve(code ?? undefined));
  return promise;
}

/** Empty when somebody has removed it meanwhile. */
async function readStart(path: string): Promise<string> {
  await using file = await open(path).catch(() => undefined);
  if (!file) return '';
  const { buffer, bytesRead } = await file.read(Buffer.alloc(maxSaidBytes), 0, maxSaidBytes, 0);
  return buffer.toString('utf8', 0, bytesRead);
}
