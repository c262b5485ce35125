import { fail, ok } from '../../src/base/result.ts';
import { settle } from './hand-clock.ts';

import type { Result } from '../../src/base/result.ts';
import type { Ask } from '../../src/engine/ask-person.ts';
import type { Answer, Choice, Question } from '../../src/event/question.ts';

/** A question that is waited on. */
interface Pending {
  readonly question: Question;
  readonly signal: AbortSignal;
  readonly resolve: (answer: Result<Answer, string>) => void;
}

/** Whoever a run asks, in the hand of a test. */
export class FakePerson {
  readonly #asked: Pending[] = [];

  readonly ask: Ask = (question, signal) => {
    const { promise, resolve } = Promise.withResolvers<Result<Answer, string>>();
    this.#asked.push({ question, signal, resolve });
    return promise;
  };

  /** The questions that wait for an answer, by the names of who asks. */
  get waiting(): readonly string[] {
    return this.#asked
      .filter(({ signal }) => !signal.aborted)
      .map(({ question: { name } }) => name);
  }

  /** The last question that was asked under this name. */
  question(name: string): Question {
    return this.#last(name).question;
  }

  /** Answers, and lets everything follow from it. */
  async answer(name: string, choice: Choice, more: Partial<Answer> = {}): Promise<void> {
    this.#last(name).resolve(ok({ choice, by: 'ann', inputs: {}, ...more }));
    await settle();
  }

  /** Says that nobody can answer. */
  async leave(name: string, detail: string): Promise<void> {
    this.#last(name).resolve(fail(detail));
    await settle();
  }

  #last(name: string): Pending {
    const last = this.#asked.findLast(({ question }) => question.name === name);
    if (!last) throw new Error(`${name} has not asked anything`);
    return last;
  }
}
