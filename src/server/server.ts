import { isIPv6 } from 'node:net';

import { fail, ok } from '../base/result.ts';
import { makeFolder } from '../journal/state-dir.ts';
import { Access } from './access.ts';
import { buildApp } from './app.ts';
import { CixTable } from './cix/cix-table.ts';
import { ourHosts } from './hosts.ts';
import { openIndexDatabase } from './index-database.ts';
import { LoadedRuns } from './loaded-runs.ts';
import { loginPath } from './routes/login.ts';
import { readPage } from './page-files.ts';
import { RunIndex } from './run-index.ts';
import { RunTable } from './run-table.ts';
import { RunViews } from './run-views.ts';
import { sayToBoth } from './said.ts';
import { lockState } from './state-lock.ts';
import { openToken, tokenPath } from './token.ts';
import { Turns } from './turns.ts';
import { readWhere, removeWhere, serverDirOf, writeWhere } from './where.ts';

import type { AddressInfo } from 'node:net';
import type { Result } from '../base/result.ts';
import type { Owner } from '../journal/owner.ts';
import type { TellLines } from './cix/log-messages.ts';
import type { Processes } from './end-reader.ts';
import type { RunnerCommand } from './launch-runner.ts';

export interface ServerSpec extends Processes {
  readonly stateDir: string;
  /** The folder that everything named by clients lies in. */
  readonly workspace: string;
  readonly runner: RunnerCommand;
  /** Where it listens: an address of this machine, or a name of one. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Other names that it may be asked by. */
  readonly names: readonly string[];
  readonly version: string;
  /** The folder of the page, as the build has made it. */
  readonly pageDir: string;
  /** Makes what tells the events of a run as CIX's own log does. */
  readonly cixLines: () => TellLines;
  /** This process, and any other. */
  readonly pid: number;
  readonly ownerOf: (pid: number) => Owner;
  /** Hears what is wrong with the disk, in words. */
  readonly onTrouble: (text: string) => void;
  /** Hears of what is a bug of ours. */
  readonly onBug: (error: Error) => void;
}

/** A server that listens. */
export interface Server {
  readonly url: string;
  /** The file that the token is in. */
  readonly tokenFile: string;
  /** A new link that makes one browser known to it. */
  newLink(): string;
  /** Closes every connection. What it has started goes on. */
  close(): Promise<void>;
}

/** Why there is no server. */
export type ServerFailure =
  | { readonly kind: 'stateInUse'; readonly by: string | undefined }
  | { readonly kind: 'portTaken'; readonly host: string; readonly port: number }
  | { readonly kind: 'cannotListen'; readonly host: string; readonly detail: string }
  | { readonly kind: 'stateUnusable'; readonly path: string; readonly detail: string };

/** Begins to serve a state folder, which nobody else may be serving. */
export async function openServer(spec: ServerSpec): Promise<Result<Server, ServerFailure>> {
  const serverDir = serverDirOf(spec.stateDir);
  await using parts = new AsyncDisposableStack();
  let app;
  let access;
  let watch;
  try {
    makeFolder(serverDir);
    const lock = lockState(serverDir);
    if (!lock) return fail({ kind: 'stateInUse', by: describeWhere(serverDir) });
    parts.use(lock);
    const database = parts.adopt(openIndexDatabase(serverDir), (opened) => opened.close());
    const say = sayToBoth(database, serverDir);
    const { stateDir, isAlive } = spec;
    const tellIndex = onlyNews((text) =>
      spec.onTrouble(`the list of runs is not up to date: ${text}`),
    );
    const index = new RunIndex({
      ...{ table: new RunTable(database, say), stateDir, isAlive },
      now: () => Date.now(),
      onTrouble: ({ message }) => tellIndex(message),
    });
    await index.refresh();
    const views = new RunViews(stateDir);
    const loaded = new LoadedRuns({
      ...spec,
      serverDir,
      index,
      views,
      onTrouble: onlyNews(spec.onTrouble),
    });
    watch = (): void => void index.refresh().then(() => loaded.settle());
    access = new Access({
      token: openToken(serverDir),
      isOurHost: (host) => hosts.has(host.toLowerCase()),
      now: () => performance.now(),
    });
    app = await buildApp({
      access,
      cookieName: `continuo-${spec.port}`,
      version: spec.version,
      page: readPage(spec.pageDir),
      runs: {
        ...{ ...spec, index, views, loaded, beatMs },
        ...{ turns: new Turns(), cixTable: new CixTable(database, say) },
      },
      onBug: spec.onBug,
    });
    const listening = app;
    parts.defer(() => listening.close());
  } catch (error) {
    return fail({ kind: 'stateUnusable', path: serverDir, detail: (error as Error).message });
  }
  let hosts: ReadonlySet<string> = new Set();
  const listened = await listen(app, spec);
  if (!listened.ok) return listened;
  hosts = ourHosts(spec.host, listened.value, spec.names);
  const url = `http://${isIPv6(spec.host) ? `[${spec.host}]` : spec.host}:${listened.value}`;
  writeWhere(serverDir, { pid: spec.pid, url });
  parts.defer(() => removeWhere(serverDir));
  watch();
  const watching = setInterval(watch, watchMs);
  parts.defer(() => clearInterval(watching));
  const open = parts.move();
  return ok({
    url,
    tokenFile: tokenPath(serverDir),
    newLink: () => `${url}${loginPath(access.newCode())}`,
    close: () => open.disposeAsync(),
  });
}

/** Tells of the same trouble only once. */
function onlyNews(tell: (text: string) => void): (text: string) => void {
  let last: string | undefined;
  return (text) => {
    if (text !== last) tell(text);
    last = text;
  };
}

const watchMs = 1_000;
const beatMs = 15_000;

async function listen(
  app: {
    listen(at: { host: string; port: number }): Promise<string>;
    server: { address(): unknown };
  },
  { host, port }: ServerSpec,
): Promise<Result<number, ServerFailure>> {
  try {
    await app.listen({ host, port });
    return ok((app.server.address() as AddressInfo).port);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return fail({ kind: 'portTaken', host, port });
    return fail({ kind: 'cannotListen', host, detail: message });
  }
}

/** In words, for whoever is refused. */
function describeWhere(serverDir: string): string | undefined {
  const where = readWhere(serverDir);
  return where && `process ${where.pid}, ${where.url}`;
}
