import { systemClock } from '../base/clock.ts';
import { startRun } from '../engine/run.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { createJournal } from '../journal/journal-writer.ts';
import { createMasker } from '../journal/masker.ts';
import { newRunId } from '../journal/run-id.ts';
import { secretsOf } from '../plan/secrets.ts';
import { complain, warn } from './complain.ts';
import { exitCode, exitCodeOf, exitCodeOfSignal } from './exit-code.ts';
import { thisOwner } from './find-run.ts';
import { onEndSignals } from './signals.ts';
import { reporterFor } from './terminal/choose.ts';
import { version } from './version.ts';

import type { Plan } from '../plan/plan.ts';
import type { Executors } from './executors.ts';
import type { Format } from './terminal/choose.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { GivenVariables } from './variables.ts';
import type { World } from './world.ts';

/** What a run is made of besides its plan. */
export interface RunParts {
  readonly executors: Executors;
  readonly given: GivenVariables;
  readonly workspace: string;
  readonly stateDir: string;
  readonly flags: ColorFlags & { readonly format?: Format; readonly keep?: boolean };
}

/** Carries out one plan, shows it, and answers the exit code of its end. */
export async function runPlan(
  plan: Plan,
  { executors, given, workspace, stateDir, flags }: RunParts,
  world: World,
): Promise<number> {
  const broken = Promise.withResolvers<string>();
  const runId = newRunId(systemClock.now());
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
  const { format = 'auto' } = flags;
  const reporter = reporterFor({ format, stream: world.stdout, env: world.env, flags });
  const run = startRun(plan, {
    runId,
    owner: thisOwner(),
    version,
    workspace,
    recorder: journal,
    clock: systemClock,
    variables: given.variables,
    executorFor: (command) => executors.executorFor(command),
    keep: flags.keep === true,
  });
  void broken.promise.then((detail) => run.fail(detail));
  let cancelledBy: string | undefined;
  let isOver = false;
  using _signals = onEndSignals((signal) => {
    if (isOver) {
      // Only the console lags behind, and whoever asks for the end does not want to read on.
      journal.flush();
      process.exit(exitCodeOfSignal(signal));
    }
    cancelledBy ??= signal;
    run.cancel(signal);
  });
  const shown = reporter
    .run(journal.read(), () => readJournal(journal.path))
    .catch((error: unknown) => {
      warn(world, flags, `cannot show the run any more: ${String(error)}`);
    });
  const end = await run.ended;
  isOver = true;
  await shown;
  return exitCodeOf(end, cancelledBy);
}
