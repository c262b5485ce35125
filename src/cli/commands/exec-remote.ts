import { complain, warn } from '../complain.ts';
import { exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { Interruption } from '../interruption.ts';
import { codeOfFailure, describeFailure } from '../remote/describe-failure.ts';
import { orderRuns } from '../remote/order-runs.ts';
import { RemoteServer } from '../remote/remote-server.ts';
import { findServer } from '../remote/server-place.ts';
import { watchRun } from '../remote/watch-run.ts';
import { readSettings } from '../settings.ts';
import { ourShow } from '../show.ts';
import { Desk } from '../terminal/desk.ts';

import type { OrderedRun } from '../remote/order-runs.ts';
import type { World } from '../world.ts';
import type { ExecFlags } from './exec.ts';

/** What the runner of a server is not told. */
const onlyHere = [
  ...['plugin', 'approve', 'reject', 'break', 'pauseOnFailure', 'keep', 'logging', 'logname'],
  ...['loggingPath', 'input', 'inputs', 'templates', 'connectors', 'strict', 'skipUnsupported'],
] as const satisfies readonly (keyof ExecFlags)[];

/** Has a server run pipelines, shows them as they go on, and answers what `exec` would. */
export async function execRemote(
  files: readonly string[],
  flags: ExecFlags,
  world: World,
): Promise<number> {
  if (flags.remote !== true) {
    complain(world, flags, '--non-blocking and --no-remote-logs are for --remote');
    return exitCode.usage;
  }
  using interruption = new Interruption();
  // Twice: at once, whether or not the server has answered by then.
  let isAsked = false;
  using _impatience = interruption.hear((signal) => {
    if (isAsked) process.exit(exitCodeOfSignal(signal));
    isAsked = true;
  });
  const sent = await sendRuns(files, { ...flags, load: false }, world);
  if (typeof sent === 'number') return sent;
  const { server, runs } = sent;
  if (flags.nonBlocking === true) {
    for (const { id, pipeline } of runs)
      if (flags.silent !== true) world.stdout.write(`run ${id} goes on: ${pipeline}\n`);
    return exitCode.ok;
  }
  const show = ourShow(flags, world, new Desk(world));
  const output = flags.remoteLogs !== false && flags.silent !== true;
  let failure: number = exitCode.ok;
  for (const { id: run } of runs) {
    const reporter = show.reporter();
    const { signal } = interruption;
    const code = await watchRun({ server, run, reporter, output, signal }, flags, world);
    if (code === undefined) {
      const rest = runs.slice(runs.findIndex(({ id }) => id === run)).map(({ id }) => id);
      warn(world, flags, `${interruption.by ?? 'INT'}: ${goesOn(rest, server)}`);
      return exitCodeOfSignal(interruption.by ?? 'INT');
    }
    if (failure === exitCode.ok) failure = code;
  }
  return failure;
}

/** Sends a chain to the server that is meant. What is wrong has been told when the result is an exit code. */
export async function sendRuns(
  files: readonly string[],
  flags: ExecFlags & { readonly load: boolean },
  world: World,
): Promise<{ server: RemoteServer; runs: readonly OrderedRun[] } | number> {
  const not = onlyHere.find((flag) => flags[flag] !== undefined);
  if (not !== undefined) {
    const written = not.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    complain(world, flags, `--${written} is not for a server: leave it out, or run it here`);
    return exitCode.usage;
  }
  const settings = await readSettings(files, flags, world);
  if (!settings.ok) return settings.failure;
  if (settings.value.plugins.length > 0)
    warn(world, flags, 'the plugins of the configuration are not for a server, which has none');
  const found = findServer(flags, world);
  if (!found.ok) {
    complain(world, flags, found.failure);
    return exitCode.server;
  }
  const server = new RemoteServer(found.value);
  const runs = await orderRuns(server, settings.value, flags, world);
  if (runs.ok) return { server, runs: runs.value };
  complain(world, flags, describeFailure(runs.failure));
  return codeOfFailure(runs.failure);
}

function goesOn(runs: readonly string[], { place }: RemoteServer): string {
  const at = place.isHere ? '' : ` --server ${place.url}`;
  const ends = runs.toReversed().map((run) => `continuo kill ${run}${at}`);
  const what = runs.length === 1 ? `run ${runs[0]!} goes` : 'what was begun goes';
  return `${what} on at the server; end it with \`${ends.join('; ')}\``;
}
