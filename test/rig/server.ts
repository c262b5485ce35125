import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { cixLines } from '../../src/cli/terminal/cix-lines.ts';
import { createJournal } from '../../src/journal/journal-writer.ts';
import { createMasker } from '../../src/journal/masker.ts';
import { Access } from '../../src/server/access.ts';
import { buildApp } from '../../src/server/app.ts';
import { CixTable } from '../../src/server/cix/cix-table.ts';
import { LoadedRuns } from '../../src/server/loaded-runs.ts';
import { migrate } from '../../src/server/migrations.ts';
import { RunIndex } from '../../src/server/run-index.ts';
import { RunTable } from '../../src/server/run-table.ts';
import { RunViews } from '../../src/server/run-views.ts';
import { Turns } from '../../src/server/turns.ts';
import { serverDirOf } from '../../src/server/where.ts';
import { temporaryFolder } from './journal.ts';

import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { JournalRecord } from '../../src/event/event.ts';
import type { PageFiles } from '../../src/server/page-files.ts';

/** What a server without a socket is asked with. */
export const token = 'the-token-of-this-test';
export const host = '127.0.0.1:10030';

/** Writes the journal of a run, and closes it. */
export async function writeRun(
  stateDir: string,
  run: string,
  records: readonly JournalRecord[],
): Promise<void> {
  let at = 0;
  const journal = createJournal({
    stateDir,
    run,
    masker: createMasker([]),
    now: () => at,
    onFailure: (detail) => {
      throw new Error(detail);
    },
  });
  if (!journal.ok) throw new Error(journal.failure.detail);
  for (const record of records) {
    at = record.at;
    if (record.type === 'output') {
      const sink = journal.value.output(record.task);
      sink.write(record.stream, record.bytes);
      sink.end();
    } else {
      // The journal numbers what it takes, and tells the time itself.
      journal.value.event(record.type === 'run.started' ? { ...record, run } : record);
    }
  }
  await journal.value.close();
}

const onePage: PageFiles = new Map([
  ['/', { type: 'text/html; charset=utf-8', plain: Buffer.from('<!doctype html>the page') }],
]);

/** What a test may want otherwise: the page, what is taken for the time of day, and how long a connection is silent. */
export interface TestServerOptions {
  readonly page?: PageFiles;
  readonly wallClock?: () => number;
  readonly beatMs?: number;
}

/** A server that is asked without a socket, over a state folder of its own. */
export async function openTestServer({
  page = onePage,
  wallClock = () => Date.now(),
  beatMs = 15_000,
}: TestServerOptions = {}): Promise<TestServer> {
  const folder = await temporaryFolder();
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const stateDir = join(folder.path, 'state');
  const workspace = join(folder.path, 'workspace');
  mkdirSync(workspace);
  mkdirSync(serverDirOf(stateDir), { recursive: true });
  const bugs: Error[] = [];
  const troubles: string[] = [];
  const alive = new Set<number>();
  const isAlive = ({ pid }: { pid: number }): boolean => alive.has(pid);
  const index = new RunIndex({
    table: new RunTable(database),
    stateDir,
    isAlive,
    now: wallClock,
    onTrouble: (error) => troubles.push(error.message),
  });
  const views = new RunViews(stateDir);
  const launching = {
    runner: { file: 'false', args: [], env: {} },
    ownerOf: (pid: number) => ({ pid }),
    signalOwner: () => undefined,
    version: '0.0.0',
    pid: 1,
  };
  const world = { ...launching, stateDir, index, views, isAlive };
  const loaded = new LoadedRuns({
    ...world,
    serverDir: serverDirOf(stateDir),
    onTrouble: (text) => troubles.push(text),
  });
  const time = { now: 0 };
  const turns = new Turns();
  const access = new Access({
    token,
    isOurHost: (name) => name === host,
    now: () => time.now,
  });
  const app = await buildApp({
    access,
    cookieName: 'continuo-10030',
    version: '0.0.0',
    page,
    runs: {
      ...world,
      loaded,
      workspace,
      cixTable: new CixTable(database),
      cixLines,
      turns,
      beatMs,
    },
    onBug: (error) => bugs.push(error),
  });
  return {
    ...{ database, troubles, app, access, stateDir, workspace, index, bugs, alive, time, turns },
    ask: (request) =>
      app.inject({
        ...request,
        headers: { host, authorization: `Bearer ${token}`, ...request.headers },
      }),
    async [Symbol.asyncDispose]() {
      await app.close();
      database.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export interface TestServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly database: DatabaseSync;
  /** What it told to be wrong with the disk. */
  readonly troubles: readonly string[];
  readonly access: Access;
  readonly stateDir: string;
  readonly workspace: string;
  readonly index: RunIndex;
  /** What it told of as bugs. */
  readonly bugs: readonly Error[];
  /** The processes that it takes for alive. */
  readonly alive: Set<number>;
  /** What works long takes these. */
  readonly turns: Turns;
  /** The time, as far as the server is concerned. */
  readonly time: { now: number };
  /** Asks as a program does that has the token. */
  ask(request: InjectOptions): Promise<LightMyRequestResponse>;
}
