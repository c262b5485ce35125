import { describeRefusal } from '../../control/describe-refusal.ts';
import { sendWhileRunning } from '../../control/send-command.ts';
import { runFolder } from '../../journal/state-dir.ts';
import { explainFailure } from '../../report/describe-cause.ts';
import { gatherInputs } from '../answer-inputs.ts';
import { complain } from '../complain.ts';
import { exitCode, exitCodeOfSignal } from '../exit-code.ts';
import { findRunOrComplain } from '../find-run.ts';
import { findAsleep } from '../listed-run.ts';
import { viewOfRun } from '../view-of-run.ts';
import { nameOf, stateDirOf } from '../world.ts';
import { goesToStep, sayTaken } from './say-taken.ts';

import type { Choice } from '../../event/question.ts';
import type { RunCommand } from '../../event/run-command.ts';
import type { RunSummary } from '../../journal/run-summary.ts';
import type { AnswerInputFlags } from '../answer-inputs.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';
import type { Unsigned } from './done-words.ts';

export interface AskRunFlags extends ColorFlags {
  /** Asked instead of the run itself. */
  readonly server?: string;
  readonly stateDir?: string;
}

export interface ResumeFlags extends AskRunFlags {
  readonly next?: boolean;
  readonly to?: string;
}

export interface AnswerRunFlags extends AskRunFlags, AnswerInputFlags {
  readonly comment?: string;
}

/** Lets a paused run go on, as far as the flags say. */
export function resumeRun(wanted: string, flags: ResumeFlags, world: World): Promise<number> {
  const { next = false, to } = flags;
  const far = to === undefined ? (next ? 'next' : 'all') : { step: to };
  return askRun({ do: 'resume', to: far }, wanted, flags, world);
}

/** Answers what a run asks: an approval with yes or no, and whatever else by one of its choices. */
export async function answerRun(
  answer:
    { readonly do: 'approve' | 'reject' } | { readonly do: 'answer'; readonly choice: Choice },
  step: string,
  wanted: string,
  flags: AnswerRunFlags,
  world: World,
): Promise<number> {
  const gathered = await gatherInputs(flags, world);
  if (!gathered.ok) {
    if (typeof gathered.failure !== 'string') return exitCodeOfSignal(gathered.failure.signal);
    complain(world, flags, gathered.failure);
    return exitCode.usage;
  }
  // Whoever lists the processes of this machine reads no secret from now on.
  if (flags.secretInput?.some((written) => written.includes('=')) === true)
    process.title = world.veil.text(process.argv.join(' '));
  const { comment } = flags;
  const { inputs, secrets } = gathered.value;
  const said = { step, ...(comment !== undefined && { comment }) };
  if (answer.do === 'reject') return askRun({ do: 'reject', ...said }, wanted, flags, world);
  const given = { ...said, inputs, ...(secrets.length > 0 && { secrets }) };
  return askRun({ ...answer, ...given }, wanted, flags, world);
}

/** Asks a run for something, and says what came of it. */
export async function askRun(
  command: Unsigned<RunCommand>,
  wanted: string,
  flags: AskRunFlags,
  world: World,
): Promise<number> {
  const stateDir = stateDirOf(flags.stateDir, world);
  const asleep = flags.server === undefined ? await findAsleep(wanted, stateDir) : wanted;
  if (asleep !== undefined) {
    const { askRemoteRun } = await import('../remote/ask-remote-run.ts');
    return askRemoteRun(command, asleep, flags, world);
  }
  const by = nameOf(world);
  const run = await findRunOrComplain(wanted, stateDir, flags, world);
  if (!run) return exitCode.invalid;
  const before = command.do === 'resume' ? await viewOfRun(run.path) : undefined;
  const seen = { last: run };
  const isRunning = async (): Promise<boolean> => {
    seen.last = (await findRunOrComplain(run.id, stateDir, flags, world)) ?? seen.last;
    return seen.last.outcome === 'running';
  };
  const done =
    run.outcome === 'running'
      ? await sendWhileRunning(runFolder(stateDir, run.id), { ...command, by }, isRunning)
      : undefined;
  if (done?.ok === true) {
    const failure = before?.paused && explainFailure(before)?.sentence;
    const after = goesToStep(command) ? await viewOfRun(run.path) : undefined;
    const warnings = after?.warnings.slice(before?.warnings.length);
    return sayTaken(command, { id: run.id, failure, warnings }, flags, world);
  }
  const why =
    done === undefined || seen.last.outcome !== 'running'
      ? overWords(seen.last)
      : `run ${run.id} ${describeRefusal(done.failure)}`;
  complain(world, flags, why);
  return exitCode.invalid;
}

const overWords = ({ id, outcome, pid }: RunSummary): string =>
  outcome === 'lost'
    ? `run ${id} is dead: its process${pid === undefined ? '' : ` (pid ${pid})`} is gone; \`continuo clean\` removes what it left`
    : `run ${id} has ended: it ${outcome === 'cancelled' ? 'was cancelled' : outcome}`;
