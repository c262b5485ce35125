import { fail, ok } from '../base/result.ts';
import { nearest } from '../dialect/common/nearest.ts';
import { checkAnswer } from '../event/check-answer.ts';
import { nodesOfPlan } from '../plan/order.ts';

import type { Result } from '../base/result.ts';
import type { Ask } from '../engine/ask-person.ts';
import type { Answer, Question } from '../event/question.ts';
import type { Plan } from '../plan/plan.ts';

/** Answers that are given beforehand: names or ids of steps, or `all`. */
export interface AnswerFlags {
  readonly approve?: readonly string[];
  readonly reject?: readonly string[];
}

/** What is wrong with the names that are given, as sentences: none of these plans asks under them. */
export function unknownAnswers(
  { approve = [], reject = [] }: AnswerFlags,
  plans: readonly Plan[],
): readonly string[] {
  const approvals = plans.flatMap(nodesOfPlan).filter(({ kind }) => kind === 'approval');
  const known = new Set(['all', ...approvals.flatMap(({ id, name }) => [id, name])]);
  const named = [
    ...approve.map((name) => ['--approve', name] as const),
    ...reject.map((name) => ['--reject', name] as const),
  ];
  return named
    .filter(([, name]) => !known.has(name))
    .map(([flag, name]) => {
      const near = nearest(name, known);
      const hint = near === undefined ? '' : `, did you mean ${near}?`;
      return `${flag} ${name}: there is no approval of that name${hint}`;
    });
}

/** Answers what the command line answers, and has everything else asked by `otherwise`. */
export function givenAnswers(flags: AnswerFlags, otherwise: Ask): Ask {
  return async (question, signal) => {
    const isApproval = question.choices.includes('approve');
    const choice = isApproval ? choiceFor(question, flags) : undefined;
    if (choice) return answerWith(choice, question);
    const answered = await otherwise(question, signal);
    if (answered.ok) return answered;
    const { name, inputs } = question;
    if (question.choices.includes('give')) {
      const wanted = inputs.filter(({ fallback }) => fallback === undefined);
      const flags = wanted.map((input) => `\`--input ${input.name}=…\``).join(' and ');
      return fail(`${answered.failure}; give ${flags}`);
    }
    if (!isApproval) return answered;
    return fail(`${answered.failure}; give \`--approve ${name}\` or \`--reject ${name}\``);
  };
}

/**
 * Leaves everything to commands, where those are the only way to whoever carries a run out. Keeps the
 * process alive meanwhile: a run that only waits has nothing else that would.
 */
export const answeredByCommand: Ask = (_question, signal) => {
  const { promise, resolve } = Promise.withResolvers<Result<Answer, string>>();
  const alive = setInterval(() => undefined, longMs);
  const leave = (): void => {
    clearInterval(alive);
    resolve(fail('it is not wanted any more'));
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  return promise;
};

const longMs = 2 ** 30;

/** A name says more than `all`, and a no more than a yes. */
function choiceFor(
  { id, name }: Question,
  { approve = [], reject = [] }: AnswerFlags,
): 'approve' | 'reject' | undefined {
  const isNamed = (names: readonly string[]): boolean => names.includes(id) || names.includes(name);
  if (isNamed(reject)) return 'reject';
  if (isNamed(approve)) return 'approve';
  if (reject.includes('all')) return 'reject';
  return approve.includes('all') ? 'approve' : undefined;
}

function answerWith(choice: 'approve' | 'reject', question: Question): Result<Answer, string> {
  const checked = checkAnswer(question, { choice, by: `--${choice}`, inputs: {} });
  return checked.ok
    ? ok(checked.value)
    : fail(
        `${checked.failure}; \`--approve\` takes what inputs are by default, so answer on a terminal`,
      );
}
