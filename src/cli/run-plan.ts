import { homedir } from 'node:os';

import { systemClock } from '../base/clock.ts';
import { startRun } from '../engine/run.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { createJournal } from '../journal/journal-writer.ts';
import { createMasker } from '../journal/masker.ts';
import { newRunId } from '../journal/run-id.ts';
import { runFolder } from '../journal/state-dir.ts';
import { secretsOf } from '../plan/secrets.ts';
import { reportReader } from '../report/junit/report-reader.ts';
import { complain, warn } from './complain.ts';
import { openControl } from './control.ts';
import { exitCode, exitCodeOf } from './exit-code.ts';
import { thisOwner } from './find-run.ts';
import { runFacts } from './run-facts.ts';
import { tellingBegin } from './telling-begin.ts';
import { version } from './version.ts';
import { askingWhilePaused } from './while-paused.ts';

import type { Result } from '../base/result.ts';
import type { Ask } from '../engine/ask-person.ts';
import type { Breaks } from '../engine/gate.ts';
import type { GivenVariable } from '../engine/take-command.ts';
import type { JournalRecord } from '../event/event.ts';
import type { PauseReason } from '../event/pause.ts';
import type { Plan } from '../plan/plan.ts';
import type { Executors } from './executors.ts';
import type { Interruption } from './interruption.ts';
import type { ShowQueue } from './show.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { Reporter } from './terminal/reporter.ts';
import type { GivenVariables } from './variables.ts';
import type { PauseChoice } from './while-paused.ts';
import type { World } from './world.ts';

/** What a run is made of besides its plan. */
export interface RunParts {
  readonly executors: Executors;
  readonly given: GivenVariables;
  readonly workspace: string;
  readonly stateDir: string;
  readonly keep: boolean;
  /** Of the run. Absent: a new one. */
  readonly runId?: string | undefined;
  readonly reporter: Reporter;
  /** What writes the run down elsewhere, each at its own pace. */
  readonly logFiles: readonly Reporter[];
  readonly queue: ShowQueue;
  /** How a person is asked. */
  readonly ask: Ask;
  /** How a person is asked what shall become of a paused run, by the name of its pipeline. */
  readonly askPause: (
    pipeline: string,
    why: PauseReason,
    signal: AbortSignal,
  ) => Promise<Result<PauseChoice, string>>;
  readonly breaks: Breaks;
  /** Variables that the run tells of, since they were given to it by name. */
  readonly toldVariables?: readonly GivenVariable[] | undefined;
  /** Called once something of the run begins, or its end does. */
  readonly onBegin?: (() => void) | undefined;
  readonly interruption: Interruption;
  /**
   * Somebody asks for the end while only the console lags behind, and does not want to read on. Ends
   * the process, or returns when there is something left to do.
   */
  readonly leave: (signal: string) => void;
  readonly flags: ColorFlags;
}

/** Carries out one plan, shows it, and answers the exit code of its end. */
export async function runPlan(plan: Plan, parts: RunParts, world: World): Promise<number> {
  const { executors, given, workspace, stateDir, interruption, flags } = parts;
  const broken = Promise.withResolvers<string>();
  const startedAt = systemClock.now();
  const { runId = newRunId(startedAt) } = parts;
  const created = createJournal({
    stateDir,
    run: runId,
    masker: createMasker([...given.secrets, ...secretsOf(plan)]),
    now: () => systemClock.now(),
    onFailure: (detail) => broken.resolve(detail),
  });
  if (!created.ok) {
    complain(world, flags, created.failure.detail);
    return exitCode.unavailable;
  }
  await using journal = created.value;
  const facts = runFacts({ runId, startedAt, stateDir, workspace, plan }, flags, world);
  const run = startRun(plan, {
    runId,
    owner: thisOwner(),
    version,
    workspace,
    recorder: askingWhilePaused(
      tellingBegin(journal, parts.onBegin),
      (why, signal) => parts.askPause(plan.name, why, signal),
      (choice) => {
        const by = world.env['USER'] ?? 'somebody';
        run.take(choice === 'kill' ? { do: 'kill', by } : { do: 'resume', by, to: choice });
      },
    ),
    clock: systemClock,
    variables: new Map([...given.variables, ...facts]),
    executorFor: (command) => executors.executorFor(command),
    keep: parts.keep,
    breaks: parts.breaks,
    ...(parts.toldVariables && { toldVariables: parts.toldVariables }),
    ask: parts.ask,
    readReports: reportReader({ workspace, home: world.env['HOME'] ?? homedir() }),
  });
  await using control = openControl(runFolder(stateDir, runId), run, journal);
  void broken.promise.then((detail) => run.fail(detail));
  const left = Promise.withResolvers<undefined>();
  let [isOver, isLeft] = [false, false];
  using _heard = interruption.hear((signal) => {
    if (!isOver) {
      run.cancel(signal);
      return;
    }
    journal.flush();
    isLeft = true;
    parts.leave(signal);
    left.resolve(undefined);
  });
  const written = parts.logFiles.map(async (file) => {
    try {
      await file.run(journal.read({ lends: true }), () => readJournal(journal.path));
    } catch (error) {
      warn(world, flags, `cannot write the log files any more: ${(error as Error).message}`);
    }
  });
  const records = withoutOutput(journal.read({ lends: true }), () => isLeft);
  const shown = parts.queue.show(async () => {
    try {
      await parts.reporter.run(records, () => readJournal(journal.path));
    } catch (error) {
      warn(world, flags, `cannot show the run any more: ${String(error)}`);
    }
  });
  const end = await run.ended;
  await control[Symbol.asyncDispose]();
  await Promise.all(written);
  isOver = true;
  await Promise.race([shown, left.promise]);
  return exitCodeOf(end, interruption.by);
}

/** What happened, but nothing more of what tasks printed once that is so. */
async function* withoutOutput(
  records: AsyncIterable<JournalRecord>,
  isSo: () => boolean,
): AsyncGenerator<JournalRecord> {
  for await (const record of records) if (record.type !== 'output' || !isSo()) yield record;
}
