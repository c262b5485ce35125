import { waitForAbort } from '../base/abort.ts';
import { fail } from '../base/result.ts';
import { checkAnswer } from '../event/check-answer.ts';
import { fill } from '../expression/fill.ts';
import { mentions } from '../plan/mentions.ts';
import { askPerson } from './ask-person.ts';
import { tellable } from './tellable.ts';

import type { Result } from '../base/result.ts';
import type { Answer, AskedInput, Question } from '../event/question.ts';
import type { ApprovalInput, Condition, Text } from '../plan/plan.ts';
import type { NoAnswer } from './ask-person.ts';
import type { RunContext } from './run-context.ts';

/** What wants to know something before it starts: a node, or a stage. */
interface Asking {
  readonly id: string;
  readonly name: string;
  readonly when?: Condition;
  readonly asks?: readonly ApprovalInput[];
}

/** The inputs of a node or a stage that the run does not know by now. */
export const openInputs = (
  { asks = [] }: Pick<Asking, 'asks'>,
  { variables }: Pick<RunContext, 'variables'>,
): readonly ApprovalInput[] => asks.filter(({ as }) => !variables.has(as));

/** The same node with no more than the inputs that its condition asks for: they are wanted before it is looked at. */
export const forCondition = (asking: Asking): Asking => ({
  ...asking,
  asks: (asking.asks ?? []).filter(({ as }) => mentions(asking.when, new Set([as]))),
});

/**
 * Asks for the inputs that are not known by now, and lets the run know them; one after the other, so that
 * several that want the same ask once. Where nobody can answer, defaults are taken if all have one. Nothing:
 * all is known.
 */
export async function askInputs(
  asking: Asking,
  context: RunContext,
  signal: AbortSignal,
): Promise<NoAnswer | undefined> {
  if (openInputs(asking, context).length === 0) return undefined;
  const over = new AbortController();
  const asked = context.inputTurn.take(async (leave) => {
    const unanswered = signal.aborted ? cancelled : await askNow(asking, context, signal);
    leave();
    return unanswered;
  });
  const first = await Promise.race([asked, waitForAbort(signal, over.signal)]);
  over.abort();
  return first === 'aborted' ? cancelled : first;
}

/** Why something that asked does not start, as a clause. */
export const whyUnanswered = (why: Exclude<NoAnswer, { kind: 'cancelled' }>): string =>
  why.kind === 'unanswered' ? `it got no answer: ${why.detail}` : 'it got no answer in time';

const cancelled: NoAnswer = { kind: 'cancelled' };

async function askNow(
  asking: Asking,
  context: RunContext,
  signal: AbortSignal,
): Promise<NoAnswer | undefined> {
  const open = openInputs(asking, context);
  if (open.length === 0) return undefined;
  const { recorder } = context;
  const { id, name, ...asked } = toQuestion(asking, open, context);
  recorder.event({ type: 'input.asked', node: id, ...asked });
  const given = await askPerson({ id, name, ...asked }, context, signal);
  const answered = given.ok ? given : byDefault({ id, name, ...asked }, given.failure);
  if (!answered.ok) return answered.failure;
  const { choice: answer, inputs } = answered.value;
  recorder.event({
    type: 'input.answered',
    node: id,
    answer,
    ...tellable(answered.value, recorder),
  });
  for (const input of open) context.learn(input.as, inputs[input.name] ?? '');
  return undefined;
}

function byDefault(question: Question, why: NoAnswer): Result<Answer, NoAnswer> {
  const isWhole = question.inputs.every(({ fallback }) => fallback !== undefined);
  if (why.kind !== 'unanswered' || !isWhole) return fail(why);
  const checked = checkAnswer(question, { choice: 'give', by: 'the default', inputs: {} });
  return checked.ok ? checked : fail({ kind: 'unanswered', detail: checked.failure });
}

function toQuestion(
  { id, name }: Asking,
  inputs: readonly ApprovalInput[],
  { variables }: RunContext,
): Question {
  const filled = (text: Text): string => fill(text, variables).value;
  return {
    id,
    name,
    message: 'it waits for what it is to be given',
    inputs: inputs.map((input) => toAskedInput(input, filled)),
    choices: ['give'],
  };
}

/** What is asked for, with its texts filled. */
export const toAskedInput = (
  { name, description, required, pattern, fallback, allowed }: ApprovalInput,
  filled: (text: Text) => string,
): AskedInput => ({
  name,
  ...(description !== undefined && { description }),
  ...(required !== undefined && { required }),
  ...(pattern !== undefined && { pattern }),
  ...(fallback && { fallback: filled(fallback) }),
  ...(allowed && { allowed: allowed.map(filled) }),
});
