import { isAlive, processTable, signalProcess } from '../executor/common/process-table.ts';
import { findRun } from '../journal/runs.ts';
import { complain } from './complain.ts';

import type { Owner, SignalOwner } from '../journal/owner.ts';
import type { RunNotFound } from '../journal/runs.ts';
import type { RunSummary } from '../journal/run-summary.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { World } from './world.ts';

/** Whether the process that carries a run out still lives. */
export const ownerIsAlive = ({ pid, pidStart }: Owner): boolean =>
  isAlive({ pid, start: pidStart === undefined ? processTable.startOf(pid) : Number(pidStart) });

/** A signal to that process. One whose start is not known gets none: its number may be another's by now. */
export const signalOwner: SignalOwner = ({ pid, pidStart }, signal) => {
  if (pidStart !== undefined) signalProcess({ pid, start: Number(pidStart) }, signal);
};

/** A process that lives now, as a journal names it. */
export const ownerOf = (pid: number): Required<Owner> => ({
  pid,
  pidStart: String(processTable.startOf(pid)),
});

/** This process, as a journal names it. */
export const thisOwner = (): Required<Owner> => ownerOf(process.pid);

/** The run that was asked for; otherwise says what is wrong with the question. */
export async function findRunOrComplain(
  wanted: string,
  stateDir: string,
  flags: ColorFlags,
  world: World,
): Promise<RunSummary | undefined> {
  const found = await findRun(stateDir, wanted, ownerIsAlive);
  if (found.ok) return found.value;
  complainOfNoRun(found.failure, stateDir, flags, world);
  return undefined;
}

/** Says what is wrong with the question for a run. */
export const complainOfNoRun = (
  failure: RunNotFound,
  stateDir: string,
  flags: ColorFlags,
  world: World,
): void => complain(world, flags, describeNotFound(failure, stateDir));

function describeNotFound(failure: RunNotFound, stateDir: string): string {
  switch (failure.kind) {
    case 'noRuns':
      return `there are no runs in ${stateDir} yet`;
    case 'unknownRun':
      return `there is no run '${failure.wanted}'${
        failure.nearest === undefined ? '' : `; did you mean ${failure.nearest}?`
      } (\`continuo runs\` lists them)`;
    case 'unwrittenRun':
      return `nothing of run ${failure.id} has begun (\`continuo runs\` tells how it stands)`;
    case 'ambiguousRun':
      return `'${failure.wanted}' could be any of ${failure.ids.join(', ')}`;
    default:
      return failure satisfies never;
  }
}
