import { isBeginning } from '../../../event/begun.ts';
import { exitCode, exitCodeOfSignal } from '../../exit-code.ts';
import { Interruption } from '../../interruption.ts';
import { RunFollower } from '../../remote/follow-run.ts';
import { cixReporter } from '../../terminal/cix-reporter.ts';
import { openPort } from '../../terminal/port.ts';
import { consoleLog, consoleLook } from './log.ts';
import { Phase, isPause } from './phase.ts';

import type { JournalRecord } from '../../../event/event.ts';
import type { Result } from '../../../base/result.ts';
import type { RemoteFailure, RemoteServer } from '../../remote/remote-server.ts';
import type { CommonFlags } from '../options.ts';
import type { World } from '../../world.ts';
import type { Asking } from './ask-server.ts';

/** What has happened in a run up to its last pause. */
export type Past = readonly JournalRecord[];

/** The events of a run up to and including the last that paused it; none where nothing did. */
export async function pastOf(
  run: string,
  server: RemoteServer,
): Promise<Result<Past, RemoteFailure>> {
  const follower = new RunFollower(server, run, { output: false });
  const records = await Array.fromAsync(follower.past(new AbortController().signal));
  const { failure } = follower;
  if (failure) return { ok: false, failure };
  const last = records.findLastIndex((record) => isPause(record));
  return { ok: true, value: records.slice(0, last + 1) };
}

/** How what happens is followed. */
export interface Following {
  readonly past: Past;
  /** Shows it as CIX's console does. */
  readonly shows: boolean;
  /** Waits through pauses, as CIX does with all that it runs to its end. */
  readonly untilOver?: boolean;
  /** Told in place of a run that was cancelled before anything of it began. */
  readonly onSkipped?: () => void;
}

/** Waits until a run that goes on is paused or over, or only until it is over, and answers the exit code of what it came to. */
export async function followPhase(
  run: string,
  { past, shows, untilOver = false, onSkipped }: Following,
  { server, complain }: Asking,
  flags: CommonFlags,
  world: World,
): Promise<number> {
  const log = consoleLog(flags, world);
  const since = (past.at(-1)?.seq ?? -1) + 1;
  const follower = new RunFollower(server, run, { output: shows, from: since });
  using interruption = new Interruption();
  const all = follower.records(interruption.signal);
  const seen = { begin: false };
  const onBegin = (): void => void (seen.begin = true);
  const phase = new Phase(past, onSkipped ? onceBegun(all, onBegin) : all, { untilOver });
  if (shows) {
    const reporter = cixReporter(openPort(world.stdout), consoleLook(flags, world), since);
    await reporter.run(phase.records(), () => phase.records());
  } else await Array.fromAsync(phase.records(), () => undefined);
  if (interruption.by !== undefined) {
    const text = `The pipeline goes on; \`cix kill --pipeline-id ${run}\` ends it.`;
    log('warn', text);
    world.log?.('warn', text);
    return exitCodeOfSignal(interruption.by);
  }
  if (phase.pause) {
    if (phase.pause.kind === 'failure') return exitCode.failed;
    if (phase.pause.kind === 'break')
      log('info', `Pausing pipeline before step '${phase.nameOf(phase.pause.before)}'.`);
    log('info', 'Step(s) completed successfully.');
    return exitCode.ok;
  }
  const { outcome, failure } = follower;
  if (outcome === undefined && failure) return complain(failure);
  if (outcome === 'succeeded') {
    if (!shows) log('info', 'Pipeline completed successfully.');
    return exitCode.ok;
  }
  if (onSkipped && !seen.begin && outcome === 'cancelled') {
    onSkipped();
    return exitCode.failed;
  }
  if (!shows || outcome === 'lost') log('error', `Pipeline has failed: it ${wordsOf(outcome)}.`);
  return exitCode.failed;
}

/** The records of a run that has begun, or fails before it does; none of one that is cancelled before. */
async function* onceBegun(
  records: AsyncIterable<JournalRecord>,
  onBegin: () => void,
): AsyncGenerator<JournalRecord> {
  let before: JournalRecord[] | 'begun' | 'skipped' = [];
  for await (const record of records) {
    if (before === 'begun') yield record;
    if (typeof before === 'string') continue;
    // Another process may have come to wait at its start.
    if (record.type === 'run.started') before = [];
    before.push(record);
    if (record.type === 'run.cancelling') before = 'skipped';
    else if (record.type === 'run.resumed' || isBeginning(record)) {
      onBegin();
      yield* before;
      before = 'begun';
    }
  }
}

const wordsOf = (outcome = 'lost'): string =>
  new Map([
    ['lost', 'has lost its process'],
    ['cancelled', 'was cancelled'],
  ]).get(outcome) ?? outcome;
