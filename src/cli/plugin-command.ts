import { ok, fail } from '../base/result.ts';
import { HostExecutor } from '../executor/host/host-executor.ts';

import type { Result } from '../base/result.ts';
import type { Filtering } from '../executor/docker/filter-in-container.ts';
import type { Exit, LaunchFailure, Task } from '../executor/executor.ts';

/*
 * Becomes the words before the last one, which is the file that they get on standard input: a
 * task has no other input.
 */
const redirected = `words=$#
while [ "$words" -gt 1 ]; do set -- "$@" "$1"; shift; words=$((words - 1)); done
exec <"$1"
shift
exec "$@"`;

/** A text and the command of this machine that makes another of it. */
export interface CommandFilter {
  readonly runId: string;
  readonly name: string;
  readonly argv: readonly string[];
  readonly text: string;
}

export interface CommandWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the command runs. */
  readonly cwd: string;
  readonly leasesDir: string;
}

/** Starts a command of this machine with a text on its standard input, as a step of the host runs. */
export async function filterByCommand(
  { runId, name, argv, text }: CommandFilter,
  { env, cwd, leasesDir }: CommandWorld,
  signal: AbortSignal,
): Promise<Result<Filtering, LaunchFailure>> {
  const executor = new HostExecutor({ environment: env, leasesDir });
  const opened = await executor.open({ runId, stage: 'plugins', workspace: cwd }, signal);
  if (!opened.ok) return fail({ kind: 'environment', detail: opened.failure.detail });
  const sandbox = opened.value;
  const run = {
    kind: 'script',
    interpreter: ['/bin/sh', '-c', redirected, 'continuo', ...argv],
    text,
  } as const;
  const launched = await sandbox.launch({ name, run, environment: {} }, signal);
  if (!launched.ok) {
    await sandbox[Symbol.asyncDispose]();
    return launched;
  }
  return ok({
    output: launched.value.output,
    exited: endOfAll(launched.value),
    // It has a file to read from.
    hasInput: () => true,
    placeIsGone: () => Promise.resolve(false),
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  });
}

/** What it leaves behind would hold its output open. */
async function endOfAll(task: Task): Promise<Exit> {
  const exit = await task.exited;
  await task.stop({ signal: 'KILL', graceMs: 0 });
  return exit;
}
