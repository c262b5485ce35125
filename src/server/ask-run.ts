import { describeRefusal } from '../control/describe-refusal.ts';
import { sendWhileRunning } from '../control/send-command.ts';
import { summarizeRun } from '../journal/run-summary.ts';
import { runFolder } from '../journal/state-dir.ts';
import { fail, ok } from '../base/result.ts';
import { describeNotBegun } from './not-begun.ts';

import type { Result } from '../base/result.ts';
import type { ControlRefusal } from '../control/message.ts';
import type { Unreached } from '../control/send-command.ts';
import type { RunCommand } from '../event/run-command.ts';
import type { IsAlive } from '../journal/owner.ts';
import type { LoadedRuns } from './loaded-runs.ts';
import type { Problem } from './problem.ts';
import type { RunIndex } from './run-index.ts';
import type { IndexedRun } from './run-table.ts';

export interface AskWorld {
  readonly stateDir: string;
  readonly index: RunIndex;
  readonly loaded: LoadedRuns;
  readonly isAlive: IsAlive;
}

/** Asks a run for something, and settles once it has taken that; one that is loaded is woken for it. */
export async function askRun(
  run: IndexedRun,
  command: RunCommand,
  world: AskWorld,
): Promise<Result<void, Problem>> {
  if (run.outcome !== 'loaded') return sendTo(run, command, world);
  const { loaded, stateDir, isAlive } = world;
  const hasProcess = async (): Promise<boolean> =>
    (await summarizeRun(stateDir, run.id, isAlive))?.outcome === 'running';
  if (command.do === 'set') {
    const isKept = await loaded.give(run.id, command);
    return !isKept || (await hasProcess()) ? sendTo(run, command, world) : ok(undefined);
  }
  if (command.do === 'kill' && !(await hasProcess())) {
    await loaded.drop(run.id, { kind: 'cancelled', by: command.by });
    return ok(undefined);
  }
  const woken = await loaded.wake(run.id);
  if (!woken.ok) return fail(describeNotBegun(woken.failure));
  const sent = await sendTo(run, command, world);
  if (sent.ok && (command.do === 'resume' || command.do === 'kill')) await loaded.begun(run.id);
  return sent;
}

async function sendTo(
  { id }: IndexedRun,
  command: RunCommand,
  { index, stateDir }: AskWorld,
): Promise<Result<void, Problem>> {
  const isRunning = async (): Promise<boolean> => {
    const outcome = (await index.find(id))?.outcome;
    return outcome === 'running' || outcome === 'loaded';
  };
  const done = (await isRunning())
    ? await sendWhileRunning(runFolder(stateDir, id), command, isRunning)
    : over;
  if (done.ok) return done;
  return fail(refused(id, (await isRunning()) ? done.failure : over.failure));
}

const over = { ok: false, failure: { kind: 'run-over' } } as const;

function refused(run: string, refusal: ControlRefusal | Unreached): Problem {
  return {
    status: statusOf(refusal),
    kind: refusal.kind,
    title: 'The run does not do that',
    detail: `The run ${run} ${describeRefusal(refusal)}.`,
  };
}

function statusOf({ kind }: ControlRefusal | Unreached): number {
  switch (kind) {
    case 'run-over':
    case 'not-paused':
    case 'step-over':
    case 'not-asked':
      return 409;
    case 'unknown-step':
    case 'bad-answer':
      return 422;
    case 'not-understood':
    case 'nobody-listens':
    case 'unreached':
      return 503;
    default:
      return kind satisfies never;
  }
}
