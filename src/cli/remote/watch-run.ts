import { exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { complain, warn } from '../complain.ts';
import { AnswerHere } from './answer-here.ts';
import { codeOfFailure, describeFailure } from './describe-failure.ts';
import { RunFollower } from './follow-run.ts';
import { sinceItsBegin } from './since-its-begin.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { Desk } from '../terminal/desk.ts';
import type { Reporter } from '../terminal/reporter.ts';
import type { World } from '../world.ts';
import type { RemoteServer } from './remote-server.ts';

export interface Watched {
  readonly server: RemoteServer;
  readonly run: string;
  readonly reporter: Reporter;
  /** Write down everything, each at its own pace. */
  readonly logFiles: readonly Reporter[];
  /** Where a person answers what the run asks. */
  readonly desk: Desk;
  /** Whether it is told that the run was loaded before it began, as programs want to know. */
  readonly whole: boolean;
  /** Whether what steps and services print is shown, too. */
  readonly output: boolean;
  /** Aborts when nobody wants to look any more. */
  readonly signal: AbortSignal;
}

/**
 * Shows a run of a server as if it ran here, and answers the exit code of its end; `undefined` when `signal`
 * aborted before.
 */
export async function watchRun(
  { server, run, reporter, logFiles, desk, whole, output, signal }: Watched,
  flags: ColorFlags,
  world: World,
): Promise<number | undefined> {
  const follower = new RunFollower(server, run, { output });
  using answering = new AnswerHere({ server, run, desk, flags, world });
  let by: string | undefined;
  async function* records(): AsyncGenerator<JournalRecord> {
    for await (const record of follower.records(signal)) {
      if (record.type === 'run.cancelling') by ??= record.by;
      answering.hear(record);
      yield record;
    }
  }
  const shown = (all: AsyncIterable<JournalRecord>) => (whole ? all : sinceItsBegin(all));
  const written = logFiles.map(async (file) => {
    const all = () => sinceItsBegin(new RunFollower(server, run).records(signal));
    try {
      await file.run(all(), all);
    } catch (error) {
      warn(world, flags, `cannot write the log files any more: ${(error as Error).message}`);
    }
  });
  const told = records();
  await reporter.run(shown(told), () =>
    shown(new RunFollower(server, run, { output }).records(signal)),
  );
  // What has become of the run comes last, whether or not anything is shown of it.
  while ((await told.next()).done !== true);
  await Promise.all(written);
  if (signal.aborted) return undefined;
  const { outcome, failure } = follower;
  if (failure) {
    complain(world, flags, `${describeFailure(failure)} (the run ${run} may go on)`);
    return codeOfFailure(failure);
  }
  if (outcome === 'succeeded') return exitCode.ok;
  if (outcome === 'cancelled') return exitCodeOfSignal(by ?? 'INT');
  if (outcome === 'lost')
    complain(world, flags, `run ${run} is dead: its process on the server is gone`);
  return exitCode.failed;
}
