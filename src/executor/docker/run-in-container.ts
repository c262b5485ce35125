import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { isAborted } from '../../base/abort.ts';
import { fail, ok } from '../../base/result.ts';
import { OutputTail } from '../common/output-tail.ts';
import { inTime, messageOf, statusOf } from './asking.ts';
import { Frames } from './frames.ts';
import { scriptsMount } from './mount-points.ts';
import { signalOf } from './exit.ts';

import type Docker from 'dockerode';
import type { Duplex } from 'node:stream';
import type { Result } from '../../base/result.ts';
import type { CommandEnd, LaunchFailure, OutputChunk, TaskSpec } from '../executor.ts';
import type { Printed } from '../common/output-tail.ts';
import type { Container } from './container.ts';
import type { Scripts } from './scripts.ts';

/** In the environment of a command and of all it starts, to find them by. */
const markerName = 'CONTINUO_EXEC';

/*
 * The engine cannot end a command that it runs in a container. This finds the command's processes
 * by their environment and kills them until there are none.
 */
const endMarked = `mark=$1
for round in 1 2 3 4 5; do
  found=
  for process in /proc/[0-9]*; do
    if grep -q -a "$mark" "$process/environ" 2>/dev/null; then
      kill -9 "\${process#/proc/}" 2>/dev/null && found=yes
    fi
  done
  [ -n "$found" ] || exit 0
done`;

/** Runs a command in a container, as the container's user, and takes in the end of its output. */
export async function runInContainer(
  { run, environment }: Pick<TaskSpec, 'run' | 'environment'>,
  container: Container,
  scripts: Scripts | undefined,
  signal: AbortSignal,
): Promise<Result<CommandEnd, LaunchFailure>> {
  if (signal.aborted) return fail({ kind: 'abandoned' });
  if (run.kind === 'image')
    return fail({ kind: 'refused', detail: 'what an image starts by itself cannot be run in it' });
  const words =
    run.kind === 'argv'
      ? run.argv
      : scripts
        ? [...run.interpreter, `${scriptsMount}/${scripts.place(run.text)}`]
        : [...run.interpreter, '-c', run.text];
  const mark = `${markerName}=${randomUUID()}`;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  try {
    const command = await start(container, words, [...variables, mark], signal);
    const leave = (): void => void command.stream.destroy();
    signal.addEventListener('abort', leave, { once: true });
    try {
      // It may have aborted while nobody listened.
      signal.throwIfAborted();
      const printed = await new OutputTail().read(chunksOf(command.stream));
      return await endOf(command.exec, words[0], printed, signal);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  } catch (error) {
    // It runs on, or may have been started although nobody told us.
    if (statusOf(error) === undefined) await endCommand(container, mark);
    return fail(isAborted(signal) ? { kind: 'abandoned' } : failureOf(error));
  }
}

async function start(
  container: Container,
  words: readonly string[],
  environment: readonly string[],
  signal: AbortSignal,
): Promise<{ exec: Docker.Exec; stream: Duplex }> {
  const exec = await container.exec({
    Cmd: [...words],
    Env: [...environment],
    AttachStdout: true,
    AttachStderr: true,
    abortSignal: signal,
  });
  const ask = (abortSignal: AbortSignal): Promise<Duplex> =>
    exec.start({ hijack: true, Detach: false, abortSignal });
  return { exec, stream: await inTime(ask, signal) };
}

async function endOf(
  exec: Docker.Exec,
  command: string,
  printed: Printed,
  signal: AbortSignal,
): Promise<Result<CommandEnd, LaunchFailure>> {
  const code = await codeOf(exec, signal);
  const isMissing = /exec failed.*(executable file not found|no such file or directory)/s;
  if ((code === 126 || code === 127) && isMissing.test(printed.output))
    return fail({ kind: 'commandNotFound', command });
  const name = signalOf(code);
  return ok({
    exit: name === undefined ? { kind: 'code', code } : { kind: 'signal', signal: name },
    ...printed,
  });
}

/** Asks until it has ended: the connection may have broken by which its output comes. */
async function codeOf(exec: Docker.Exec, signal: AbortSignal): Promise<number> {
  for (;;) {
    try {
      const { Running, ExitCode } = await exec.inspect({ abortSignal: signal });
      if (!Running && ExitCode !== null) return ExitCode;
    } catch (error) {
      if (statusOf(error) !== undefined) throw error;
    }
    await delay(20, undefined, { signal });
  }
}

async function* chunksOf(stream: Duplex): AsyncGenerator<OutputChunk> {
  const frames = new Frames();
  try {
    for await (const data of stream as AsyncIterable<Buffer>) yield* frames.read(data);
  } catch {
    // The connection broke, or it was closed because nobody wants to know any more.
  }
}

/** So long the end of a command is waited for that nobody wants any more. */
const endMs = 5_000;

async function endCommand(container: Container, mark: string): Promise<void> {
  const late = AbortSignal.timeout(endMs);
  try {
    const words = ['/bin/sh', '-c', endMarked, 'continuo', mark];
    const { stream } = await start(container, words, [], late);
    stream.resume();
    await once(stream, 'close', { signal: late }).finally(() => stream.destroy());
  } catch {
    // The container has ended, or has no shell: then the command ends with it.
  }
}

function failureOf(error: unknown): LaunchFailure {
  const isGone = statusOf(error) === 404 || statusOf(error) === 409;
  return { kind: 'refused', detail: isGone ? 'its container does not run' : messageOf(error) };
}
