import { once } from 'node:events';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { openStateDir } from '../../journal/state-dir.ts';
import { withVoice, writtenVoice } from '../chain-voice.ts';
import { complain, warn } from '../complain.ts';
import { exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { answeredByCommand, givenAnswers } from '../given-answers.ts';
import { Interruption } from '../interruption.ts';
import { LinkRunner } from '../link-runner.ts';
import { openReading } from '../open-reading.ts';
import { runChain } from '../run-chain.ts';
import { readSettings } from '../settings.ts';
import { ShowQueue, ourShow } from '../show.ts';
import { Desk } from '../terminal/desk.ts';
import { openLog } from '../terminal/log-files.ts';
import { logged, stateDirOf } from '../world.ts';

import type { Served } from '../../dialect/cix/around.ts';
import type { GivenVariable } from '../../engine/take-command.ts';
import type { BreakFlags } from '../breaks.ts';
import type { Link } from '../chain.ts';
import type { AnswerFlags } from '../given-answers.ts';
import type { ExecutorChoice } from '../executors.ts';
import type { PullPolicy } from '../prepare-plan.ts';
import type { Settings, SettingsFlags } from '../settings.ts';
import type { Show, ShowFlags } from '../show.ts';
import type { World } from '../world.ts';

export interface ExecFlags extends SettingsFlags, ShowFlags, AnswerFlags, BreakFlags {
  readonly workspace?: string;
  readonly stateDir?: string;
  readonly executor?: ExecutorChoice;
  readonly keep?: boolean;
  readonly pipelineAlias?: string;
  readonly pullPolicy?: PullPolicy;
  /** The id of the run, of which there is only one then. Absent: a new one for each. */
  readonly runId?: string;
  /** A server is to do it: see `RemoteFlags`. */
  readonly remote?: boolean;
  readonly server?: string;
  readonly nonBlocking?: boolean;
  readonly remoteLogs?: boolean;
  /** The server that has it run, as it was asked for it. */
  readonly served?: Served;
  /** One of several that are given the same: names of steps that it does not have are those of others. */
  readonly part?: boolean;
  /** The files of others that are given the same, which may have the names that it does not have. */
  readonly others?: readonly string[];
  /** See `RunParts`. */
  readonly toldVariables?: readonly GivenVariable[];
  /** See `RunParts`. */
  readonly onBegin?: () => void;
}

/**
 * Runs the setup, the pipelines one after the other up to the first that does not succeed, and in any
 * case the teardown. `showOf` is how all of it is shown.
 */
export async function exec(
  files: readonly string[],
  flags: ExecFlags,
  here: World,
  showOf: (settings: Settings, desk: Desk) => Show = (_, desk) => ourShow(flags, here, desk),
): Promise<number> {
  using interruption = new Interruption();
  let world = here;
  const impatience = (signal: string): never => process.exit(nothingStarted(signal, flags, world));
  const settings = await unless(interruption, impatience, () => readSettings(files, flags, here));
  if (!settings.ok) return settings.failure;
  const log = openLog(settings.value.logging, here);
  world = logged(here, log);
  const { links } = settings.value;
  // Whoever lists the processes of this machine reads no secret from now on.
  if (flags.secret?.some((written) => written.includes('=')) === true)
    process.title = world.veil.text(process.argv.join(' '));
  const workspace = resolve(world.cwd, flags.workspace ?? '.');
  if (!isFolder(workspace)) {
    complain(world, flags, `--workspace ${workspace}: there is no such folder`);
    return exitCode.usage;
  }
  const stateDir = stateDirOf(flags.stateDir, world);
  const opened = openStateDir(stateDir);
  if (!opened.ok) {
    complain(world, flags, opened.failure.detail);
    return exitCode.unavailable;
  }
  const reading = await unless(interruption, impatience, () =>
    openReading(settings.value, flags, world),
  );
  if (!reading.ok) return reading.failure;
  const desk = new Desk(world);
  const show = showOf(settings.value, desk);
  const queue = new ShowQueue(world);
  const runner = new LinkRunner({
    settings: settings.value,
    reading: reading.value,
    // A server has started it: nobody sits before it.
    ask: givenAnswers(flags, flags.runId === undefined ? desk.ask : answeredByCommand),
    askPause: desk.askPause,
    ...{ workspace, stateDir, show, queue, flags, world },
  });
  const wrong = await Promise.race([
    runner.check(interruption.signal),
    givenUp(interruption.signal),
  ]);
  const { by } = interruption;
  const isLost = by !== undefined || wrong.size > 0;
  if (isLost && !links.some((link) => link.role === 'teardown' && !wrong.has(link))) {
    // What is still being asked for would hold the process up.
    if (by !== undefined) process.exit(nothingStarted(by, flags, world));
    return Math.max(...wrong.values());
  }
  const code = await runChain(links, wrong, {
    voice: log ? withVoice(show.voice, writtenVoice(log)) : show.voice,
    queue,
    interruption,
    carryOut: (link, turn) => runner.carryOut(link, turn),
  });
  // A chain of one file says nothing of itself.
  if (interruption.by !== undefined && links.length === 1 && !runner.hasRun)
    nothingStarted(interruption.by, flags, world);
  // All has been written. What was being read when the end was asked for would hold the process up.
  return by === undefined ? code : process.exit(code);
}

/** Whoever asks for the end while there is nothing to end has it at once. */
async function unless<T>(
  interruption: Interruption,
  impatience: (signal: string) => never,
  work: () => Promise<T>,
): Promise<T> {
  using _impatience = interruption.hear(impatience);
  return await work();
}

const patienceMs = 2_000;

/** Nothing is known to be wrong, a while after the signal: whoever is asked may never answer. */
async function givenUp(signal: AbortSignal): Promise<ReadonlyMap<Link, number>> {
  if (!signal.aborted) await once(signal, 'abort');
  await delay(patienceMs, undefined, { ref: false });
  return new Map();
}

function nothingStarted(signal: string, flags: ExecFlags, world: World): number {
  warn(world, flags, `${signal}: nothing was started`);
  return exitCodeOfSignal(signal);
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
