import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';

import { fail, ok } from '../../base/result.ts';
import { tieFd } from '../common/linux-table.ts';
import { handOver, openPipes } from './pipes.ts';

import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Result } from '../../base/result.ts';
import type { LaunchFailure, OutputStream } from '../executor.ts';
import type { Account } from './account.ts';
import type { Pipes } from './pipes.ts';

/** Everything about a process to be started. */
export interface ChildSpec {
  readonly argv: readonly [string, ...string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly account?: Account | undefined;
  /** Where its pipes are. Absent: Node's own. */
  readonly pipes?: string | undefined;
  /** Whether a daemon that cuts all other ties must be found by a file it was given. */
  readonly isTied: boolean;
}

/** A started process, in a session of its own, and what it prints. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly streams: Readonly<Record<OutputStream, Readable>>;
}

/**
 * Starts a process. It runs when the call returns, and the result settles at once.
 */
export async function spawnChild(spec: ChildSpec): Promise<Result<Child, LaunchFailure>> {
  const { argv, directory } = spec;
  if (!isDirectory(directory)) return fail({ kind: 'directoryMissing', directory });
  const pipes = spec.pipes === undefined ? undefined : openPipes(spec.pipes, spec.isTied);
  const streams = pipes && { stdout: pipes.stdout.reader, stderr: pipes.stderr.reader };
  const failed = (error: unknown): Result<Child, LaunchFailure> => {
    for (const stream of Object.values(streams ?? {})) stream.destroy();
    return fail(toLaunchFailure(error, argv[0]));
  };
  try {
    const child = spawnNow(spec, pipes);
    if (child.pid === undefined) {
      const [error] = (await once(child, 'error', { signal: AbortSignal.timeout(5_000) }).catch(
        (reason: unknown) => [reason],
      )) as [unknown];
      return failed(error);
    }
    return ok({
      process: child,
      pid: child.pid,
      streams: streams ?? { stdout: child.stdout!, stderr: child.stderr! },
    });
  } catch (error) {
    return failed(error);
  } finally {
    if (pipes) handOver(pipes);
  }
}

function spawnNow(spec: ChildSpec, pipes: Pipes | undefined): ChildProcess {
  const [file, ...args] = spec.argv;
  return spawn(file, args, {
    cwd: spec.directory,
    env: spec.environment,
    detached: true,
    stdio: pipes
      ? ['ignore', pipes.stdout.writeEnd, pipes.stderr.writeEnd, ...tieOf(pipes)]
      : ['ignore', 'pipe', 'pipe'],
    ...(spec.account && { uid: spec.account.uid, gid: spec.account.gid }),
  });
}

/** What a child gets beyond its three streams. */
const tieOf = ({ tie }: Pipes): ('ignore' | number)[] =>
  tie === undefined ? [] : [...closedUpToTie, tie];

/** Above 2, Node opens nothing for an `ignore`. */
const closedUpToTie = Array.from({ length: tieFd - 3 }, () => 'ignore' as const);

/** No file, no process or no memory to be had: nothing that the author wished for. */
const shortages = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM', 'ENOSPC']);

function toLaunchFailure(error: unknown, command: string): LaunchFailure {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'commandNotFound', command };
  if (shortages.has(code))
    return { kind: 'environment', detail: `this machine can start no more: ${message}` };
  const detail = code === 'EACCES' ? `no permission to execute '${command}'` : message;
  return { kind: 'refused', detail };
}

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
