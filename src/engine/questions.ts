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

  /** Answers what something asks, by its id or name: only an approval, or whatever it is. */
  answer(
    step: string,
    answer: Answer,
    wanted: 'approval' | 'answer',
  ): Result<void, CommandRefusal> {
    const asked = [...this.#open].filter(
      ({ question: { choices } }) => wanted === 'answer' || choices.includes('approve'),
    );
    const named = asked.filter(({ question: { id, name } }) => id === step || name === step);
    const open =
      named.find(({ question }) => question.id === step) ??
      // Of several with that name, the one that can be answered so.
      named.find(({ question: { choices } }) => choices.includes(answer.choice)) ??
      named[0];
    if (!open) {
      const asking = asked.map(({ question }) => question.name);
      return fail({ kind: 'not-asked', step, asking, wanted });
    }
    const checked = checkAnswer(open.question, answer);
    if (!checked.ok) return fail({ kind: 'bad-answer', detail: checked.failure });
    this.#open.delete(open);
    open.resolve(checked.value);
    return ok(undefined);
  }
}
