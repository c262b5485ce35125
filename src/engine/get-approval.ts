import { fill } from '../expression/fill.ts';
import { toAskedInput } from './ask-inputs.ts';
import { askPerson } from './ask-person.ts';
import { tellMissing } from './launch.ts';
import { tellable } from './tellable.ts';

import type { StepEnd } from '../event/outcome.ts';
import type { Question } from '../event/question.ts';
import type { ApprovalStep, Text } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/** Asks for an approval, and lets the run know what was answered. Nothing: it was given. */
export async function getApproval(
  step: ApprovalStep,
  timeoutMs: number | undefined,
  context: StageContext,
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
  const { recorder } = context;
  const { id, name, ...asked } = toQuestion(step, timeoutMs, context);
  recorder.event({ type: 'step.asked', step: id, ...asked });
  const answered = await askPerson({ id, name, ...asked }, context, signal);
  if (!answered.ok) return answered.failure;
  const { choice: answer, by, comment, inputs } = answered.value;
  const told = tellable(answered.value, recorder);
  recorder.event({ type: 'step.answered', step: id, answer, ...told });
  if (answer !== 'approve')
    return { kind: 'rejected', by, ...(comment !== undefined && { comment }) };
  for (const input of step.inputs) context.learn(input.as, inputs[input.name] ?? '');
  return undefined;
}

function toQuestion(
  step: ApprovalStep,
  timeoutMs: number | undefined,
  context: StageContext,
): Question {
  const filled = (text: Text): string => {
    const { value, missing } = fill(text, context.variables);
    tellMissing(step, missing, context);
    return value;
  };
  return {
    id: step.id,
    name: step.name,
    message: filled(step.message),
    inputs: step.inputs.map((input) => toAskedInput(input, filled)),
    choices: ['approve', 'reject'],
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}
