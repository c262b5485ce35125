import { once } from 'node:events';
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { describeStateError } from '../../journal/state-dir.ts';
import { openServer } from '../../server/server.ts';
import { complain, warn } from '../complain.ts';
import { exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { ownerIsAlive, ownerOf, signalOwner } from '../find-run.ts';
import { Interruption } from '../interruption.ts';
import { keepRuns } from '../kept-runs.ts';
import { isLoopback } from '../remote/server-place.ts';
import { cixLines } from '../terminal/cix-lines.ts';
import { version } from '../version.ts';
import { stateDirOf } from '../world.ts';

import type { Server, ServerFailure } from '../../server/server.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

export interface ServerFlags extends ColorFlags {
  readonly host: string;
  readonly port: string;
  readonly keepRuns: string;
  readonly allowHost?: readonly string[];
  readonly workspace?: string;
  readonly stateDir?: string;
}

/** Serves the runs of a state folder until a signal asks for its end. */
export async function server(flags: ServerFlags, world: World): Promise<number> {
  const port = /^\d{1,5}$/.test(flags.port) ? Number(flags.port) : NaN;
  if (!(port <= 65_535)) {
    complain(world, flags, `--port ${flags.port}: a port is a number from 0 to 65535`);
    return exitCode.usage;
  }
  using interruption = new Interruption();
  const stateDir = stateDirOf(flags.stateDir, world);
  const workspace = resolve(world.cwd, flags.workspace ?? '.');
  if (statSync(workspace, { throwIfNoEntry: false })?.isDirectory() !== true) {
    complain(world, flags, `--workspace ${workspace}: there is no such folder`);
    return exitCode.usage;
  }
  const keep = /^\d{1,9}$/.test(flags.keepRuns) ? Number(flags.keepRuns) : 0;
  if (keep === 0) {
    complain(world, flags, `--keep-runs ${flags.keepRuns}: a number from 1 on is wanted`);
    return exitCode.usage;
  }
  const opened = await openServer({
    ...{ stateDir, workspace, host: flags.host, port, names: flags.allowHost ?? [], version },
    pageDir: join(import.meta.dirname, 'page'),
    pid: process.pid,
    runner: { file: process.execPath, args: [programOf(world), 'runner'], env: world.env },
    cixLines,
    isAlive: ownerIsAlive,
    ownerOf,
    signalOwner,
    onTrouble: (text) => warn(world, flags, text),
    onBug: (error) => warn(world, flags, `this is a bug in Continuo:\n${error.stack ?? ''}`),
  });
  if (!opened.ok) {
    complain(world, flags, describe(opened.failure, stateDir));
    return exitCode.unavailable;
  }
  try {
    keepRuns(stateDir, keep);
  } catch (error) {
    await opened.value.close();
    complain(world, flags, describeStateError(error as NodeJS.ErrnoException, stateDir).detail);
    return exitCode.unavailable;
  }
  if (!isLoopback(flags.host))
    warn(
      world,
      flags,
      `whoever reaches this machine at ${flags.host} can read what is sent to the server, the token too: put a proxy with TLS before it`,
    );
  welcome(opened.value, stateDir, world);
  if (interruption.by === undefined) await once(interruption.signal, 'abort');
  // Twice: at once.
  using _impatience = interruption.hear((signal) => process.exit(exitCodeOfSignal(signal)));
  await opened.value.close();
  return exitCodeOfSignal(interruption.by ?? 'INT');
}

/** `cix` carries nothing out for a server: the other program of this installation does. */
const programOf = ({ program }: World): string =>
  program === 'cix' ? join(dirname(import.meta.dirname), 'bin', 'continuo.js') : process.argv[1]!;

function welcome(serving: Server, stateDir: string, { stdout }: World): void {
  stdout.write(
    [
      `Continuo serves the runs in ${stateDir} at ${serving.url}`,
      '',
      'Open this in a browser, once, within ten minutes:',
      `  ${serving.newLink()}`,
      'Programs send `Authorization: Bearer TOKEN`, with the token that is in',
      `  ${serving.tokenFile}`,
      '',
      'Ctrl-C ends the server. Runs that it has started go on.',
      '',
    ].join('\n'),
  );
}

function describe(failure: ServerFailure, stateDir: string): string {
  switch (failure.kind) {
    case 'stateInUse':
      return `another server${failure.by === undefined ? '' : ` (${failure.by})`} serves ${stateDir}: stop it, or choose another folder with --state-dir`;
    case 'portTaken':
      return `port ${failure.port} of ${failure.host} is taken by another program: stop that, or choose another with --port`;
    case 'cannotListen':
      return `cannot listen at ${failure.host}: ${failure.detail}; choose an address of this machine with --host, and a port that you may use with --port`;
    case 'stateUnusable':
      return `cannot use ${failure.path}: ${failure.detail}; choose another folder with --state-dir`;
    default:
      return failure satisfies never;
  }
}
