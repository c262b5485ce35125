import { unreachable } from '../base/unreachable.ts';
import { formatDuration } from '../base/duration.ts';
import { describeExit } from '../event/describe-end.ts';
import { askPerson } from './ask-person.ts';
import { tellable } from './tellable.ts';

import type { GroupEnd, StepEnd } from '../event/outcome.ts';
import type { Choice } from '../event/question.ts';
import type { NoAnswer } from './ask-person.ts';
import type { AskAction, Decision } from './remedies.ts';
import type { RunContext } from './run-context.ts';

/** A step or group that failed, and how. */
export type Failed =
  | { readonly step: string; readonly name: string; readonly end: StepEnd }
  | { readonly group: string; readonly name: string; readonly end: GroupEnd };

/** Asks a person what shall be done about a failure. Nothing: nobody says so. */
export async function askWhatToDo(
  failed: Failed,
  { timeoutMs }: AskAction,
  context: Pick<RunContext, 'recorder' | 'clock' | 'ask' | 'questions'>,
  signal: AbortSignal,
): Promise<Decision | undefined> {
  const { recorder } = context;
  const { name } = failed;
  const message = `it failed${nounOf(failed.end)}: what shall be done?`;
  const asked = { message, inputs: [], choices, timeoutMs };
  const id = 'step' in failed ? failed.step : failed.group;
  if ('step' in failed) {
    const { step, end } = failed;
    recorder.event({ type: 'step.asked', step, end, ...asked });
  } else {
    const { group, end } = failed;
    recorder.event({ type: 'group.asked', group, end, ...asked });
  }
  const answered = await askPerson({ id, name, ...asked }, context, signal);
  if (!answered.ok) {
    const why = unansweredFor(answered.failure);
    if (why !== undefined) recorder.event({ type: 'warning', about: id, text: why });
    return undefined;
  }
  const { choice: answer } = answered.value;
  const given = tellable(answered.value, recorder);
  if ('step' in failed)
    recorder.event({ type: 'step.answered', step: failed.step, answer, ...given });
  else recorder.event({ type: 'group.answered', group: failed.group, answer, ...given });
  return decisionOf(answer);
}

const nounOf = (end: StepEnd | GroupEnd): string =>
  end.kind === 'exited' ? ` with ${describeExit(end.exit)}` : '';

const choices: readonly Choice[] = ['retry', 'ignore', 'succeed', 'fail', 'abort'];

const unansweredFor = (why: NoAnswer): string | undefined => {
  switch (why.kind) {
    case 'cancelled':
      return undefined;
    case 'timed-out':
      return `nobody said within ${formatDuration(why.afterMs)} what shall be done about its failure`;
    case 'unanswered':
      return `nobody can say what shall be done about its failure: ${why.detail}`;
    default:
      return unreachable(why);
  }
};

function decisionOf(choice: Choice): Decision {
  switch (choice) {
    case 'retry':
      return { kind: 'retry', delayMs: 0 };
    case 'ignore':
    case 'succeed':
    case 'fail':
    case 'abort':
      return { kind: choice };
    // No answer to this question; see `checkAnswer`.
    case 'approve':
    case 'reject':
    case 'give':
      return { kind: 'fail' };
    default:
      return unreachable(choice);
  }
}
