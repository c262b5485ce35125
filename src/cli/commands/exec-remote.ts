import { fail, ok } from '../../base/result.ts';
import { outcomeOf } from '../chain.ts';
import { silentVoice, withVoice, writtenVoice } from '../chain-voice.ts';
import { complain, warn } from '../complain.ts';
import { exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { Interruption } from '../interruption.ts';
import { codeOfFailure, describeFailure } from '../remote/describe-failure.ts';
import { orderRuns } from '../remote/order-runs.ts';
import { RemoteServer } from '../remote/remote-server.ts';
import { findServer } from '../remote/server-place.ts';
import { isTakenBack } from '../remote/take-back.ts';
import { textsHere } from '../remote/texts-here.ts';
import { watchRun } from '../remote/watch-run.ts';
import { readSettings } from '../settings.ts';
import { ShowQueue, ourShow } from '../show.ts';
import { Desk } from '../terminal/desk.ts';
import { openLog, openLogFiles } from '../terminal/log-files.ts';
import { logged } from '../world.ts';

import type { LinkEnd } from '../chain.ts';
import type { OrderedRun } from '../remote/order-runs.ts';
import type { Result } from '../../base/result.ts';
import type { Settings } from '../settings.ts';
import type { Reporter } from '../terminal/reporter.ts';
import type { World } from '../world.ts';
import type { ExecFlags } from './exec.ts';

/** Has a server run pipelines, shows them as they go on, and answers what `exec` would. */
export async function execRemote(
  files: readonly string[],
  flags: ExecFlags,
  here: World,
): Promise<number> {
  if (flags.remote !== true) {
    complain(here, flags, '--non-blocking and --no-remote-logs are for --remote');
    return exitCode.usage;
  }
  using interruption = new Interruption();
  // Twice: at once, whether or not the server has answered by then.
  let isAsked = false;
  using _impatience = interruption.hear((signal) => {
    if (isAsked) process.exit(exitCodeOfSignal(signal));
    isAsked = true;
  });
  const sent = await sendRuns(files, flags, { load: false }, here);
  if (typeof sent === 'number') return sent;
  const { server, runs, logFiles, world } = sent;
  if (flags.nonBlocking === true) {
    for (const { id, pipeline } of runs)
      if (flags.silent !== true) world.stdout.write(`run ${id} goes on: ${pipeline}\n`);
    return exitCode.ok;
  }
  const desk = new Desk(world);
  const show = ourShow(flags, world, desk);
  const shows = {
    whole: flags.format === 'json',
    output: flags.remoteLogs !== false && flags.silent !== true,
  };
  const told = world.log ? withVoice(show.voice, writtenVoice(world.log)) : show.voice;
  const voice = runs.length > 1 ? told : silentVoice;
  const queue = new ShowQueue(world);
  const since = performance.now();
  const ends: LinkEnd[] = [];
  let failure: number = exitCode.ok;
  for (const [index, { id: run, link }] of runs.entries()) {
    const isSkipped = failure !== exitCode.ok && link.role !== 'teardown';
    await queue.say(voice[isSkipped ? 'skipped' : 'next'](link, index, runs.length));
    // What never begins is shown all the same, with why; log files are of what runs.
    const written = isSkipped ? [] : (logFiles[index] ?? []);
    const shown = { reporter: show.reporter(), logFiles: written, desk };
    const { signal } = interruption;
    const code = await watchRun({ server, run, ...shown, ...shows, signal }, flags, world);
    if (code === undefined) {
      const rest = runs.slice(index).map(({ id }) => id);
      warn(world, flags, `${interruption.by ?? 'INT'}: ${goesOn(rest, server)}`);
      return exitCodeOfSignal(interruption.by ?? 'INT');
    }
    ends.push({ link, outcome: isSkipped ? 'skipped' : outcomeOf(code) });
    if (failure === exitCode.ok) failure = code;
  }
  await queue.say(voice.ended(ends, performance.now() - since, undefined));
  return failure;
}

/** What a server was sent, and has taken. */
export interface Sent {
  readonly server: RemoteServer;
  readonly runs: readonly OrderedRun[];
  /** What writes the log files of each run. */
  readonly logFiles: readonly (readonly Reporter[])[];
  /** Where what is said from now on is in the log file, too, if there is one. */
  readonly world: World;
}

/** Sends a chain to the server that is meant. What is wrong has been told when the result is an exit code. */
export async function sendRuns(
  files: readonly string[],
  flags: ExecFlags,
  { load }: { readonly load: boolean },
  here: World,
): Promise<Sent | number> {
  const settings = await readSettings(files, flags, here);
  if (!settings.ok) return settings.failure;
  const nobodyWaits = load || flags.nonBlocking === true;
  const world = nobodyWaits ? here : logged(here, openLog(settings.value.logging, here));
  const logFiles = openAll(settings.value, nobodyWaits, flags, world);
  if (!logFiles.ok) return logFiles.failure;
  const texts = await textsHere(settings.value, flags, world);
  if (!texts.ok) return texts.failure;
  const found = findServer(flags, world);
  if (!found.ok) {
    complain(world, flags, found.failure);
    return exitCode.server;
  }
  const server = new RemoteServer(found.value);
  const ordering = { settings: settings.value, texts: texts.value, load };
  const runs = await orderRuns(server, ordering, flags, world);
  if (runs.ok) return { server, runs: runs.value, logFiles: logFiles.value, world };
  const { failure, taken, left } = runs.failure;
  complain(world, flags, describeFailure(failure));
  if (left.length > 0) warn(world, flags, mayBeLeft(left, server));
  else if (taken.length > 0) warn(world, flags, isTakenBack);
  return codeOfFailure(failure);
}

/** The log files of every run, before any of them is. The failure is an exit code, and its reason has been told. */
function openAll(
  { logging, links }: Settings,
  nobodyWaits: boolean,
  flags: ExecFlags,
  world: World,
): Result<Sent['logFiles'], number> {
  const why = 'log files are written by whoever waits for a run; `continuo logs` has all of it';
  if (logging.mode !== 'console' && nobodyWaits) {
    if (flags.logging !== undefined) {
      complain(world, flags, `--logging is not for --non-blocking: ${why}`);
      return fail(exitCode.usage);
    }
    warn(world, flags, `the logging of the configuration does nothing here: ${why}`);
    return ok([]);
  }
  const opened: (readonly Reporter[])[] = [];
  while (opened.length < links.length) {
    const files = openLogFiles(logging, world);
    if (!files.ok) {
      complain(world, flags, files.failure);
      return fail(exitCode.unavailable);
    }
    opened.push(files.value);
  }
  return ok(opened);
}

function goesOn(runs: readonly string[], server: RemoteServer): string {
  const what = runs.length === 1 ? `run ${runs[0]!} goes` : 'what was begun goes';
  return `${what} on at the server; end it with ${endingOf(runs, server)}`;
}

const mayBeLeft = (runs: readonly string[], server: RemoteServer): string =>
  `what was ordered may still be at the server; end it with ${endingOf(runs, server)}`;

function endingOf(runs: readonly string[], { place }: RemoteServer): string {
  const at = place.isHere ? '' : ` --server ${place.url}`;
  return `\`${runs
    .toReversed()
    .map((run) => `continuo kill ${run}${at}`)
    .join('; ')}\``;
}
