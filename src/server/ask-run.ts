import { describeRefusal } from '../control/describe-refusal.ts';
import { sendWhileRunning } from '../control/send-command.ts';
import { summarizeRun } from '../journal/run-summary.ts';
import { runFolder } from '../journal/state-dir.ts';
import { fail, ok } from '../base/result.ts';
import { describeNotBegun } from './not-begun.ts';
import { isOpen } from './run-table.ts';

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
  if (run.outcome !== 'starting' && run.outcome !== 'loaded') return sendTo(run, command, world);
  const { loaded, stateDir, isAlive } = world;
  if (command.do === 'kill') {
    const isEnded = await loaded.drop(run, { kind: 'cancelled', by: command.by });
    if (isEnded) return ok(undefined);
  } else {
    // What nobody reads yet takes a variable by what it is kept by.
    const isWanted = command.do !== 'set' || loaded.isBeingRead(run.id);
    const woken = run.outcome === 'loaded' && isWanted ? await loaded.wake(run.id) : ok(undefined);
    if (!woken.ok) return fail(describeNotBegun(woken.failure));
    if (loaded.isBeingRead(run.id)) return fail(refused(run.id, { kind: 'being-read' }));
  }
  if (command.do === 'set') {
    const isKept = await loaded.give(run.id, command);
    const summary = await summarizeRun(stateDir, run.id, isAlive);
    return isKept && summary?.outcome !== 'running' ? ok(undefined) : sendTo(run, command, world);
  }
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
    return outcome !== undefined && isOpen(outcome);
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
    case 'run-ending':
    case 'not-paused':
    case 'step-over':
    case 'not-asked':
    case 'being-read':
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
