import { fail, ok } from '../base/result.ts';
import { checkAnswer } from '../event/check-answer.ts';

import type { Result } from '../base/result.ts';
import type { Answer, Question } from '../event/question.ts';
import type { CommandRefusal } from '../event/run-command.ts';

interface Open {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
}

/** The questions of a run that wait for an answer, so that a command can give it. */
export class Questions {
  readonly #open = new Set<Open>();

  /** Settles if a command answers, and is let go of when `signal` aborts. */
  answered(question: Question, signal: AbortSignal): Promise<Result<Answer, string>> {
    const { promise, resolve } = Promise.withResolvers<Result<Answer, string>>();
    const open: Open = { question, resolve: (answer) => resolve(ok(answer)) };
    this.#open.add(open);
    signal.addEventListener('abort', () => this.#open.delete(open), { once: true });
    return promise;
  }

  /** Answers the approval that a step waits for, by the step's id or name. */
  answer(step: string, answer: Answer): Result<void, CommandRefusal> {
    const approvals = [...this.#open].filter(({ question }) =>
      question.choices.includes(answer.choice),
    );
    const open =
      approvals.find(({ question }) => question.id === step) ??
      approvals.find(({ question }) => question.name === step);
    if (!open) {
      const asking = approvals.map(({ question }) => question.name);
      return fail({ kind: 'not-asked', step, asking });
    }
    const checked = checkAnswer(open.question, answer);
    if (!checked.ok) return fail({ kind: 'bad-answer', detail: checked.failure });
    this.#open.delete(open);
    open.resolve(checked.value);
    return ok(undefined);
  }
}
