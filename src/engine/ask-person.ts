import { waitForAbort } from '../base/abort.ts';
import { fail, ok } from '../base/result.ts';
import { checkAnswer } from '../event/check-answer.ts';

import type { Result } from '../base/result.ts';
import type { StepEnd } from '../event/outcome.ts';
import type { Answer, Question } from '../event/question.ts';
import type { RunContext } from './run-context.ts';

/**
 * By which a run asks whoever runs it. Settles with an answer, or with a clause that says why there can be
 * none; never rejects. What it comes to after `signal` has aborted is not heard.
 */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Result<Answer, string>>;

/** Why there is no answer. */
export type NoAnswer = Extract<StepEnd, { kind: 'timed-out' | 'unanswered' | 'cancelled' }>;

/** Asks a person, and waits for an answer that can be taken as long as there is time. */
export async function askPerson(
  question: Question,
  { clock, questions, ask = nobody }: Pick<RunContext, 'clock' | 'ask' | 'questions'>,
  signal: AbortSignal,
): Promise<Result<Answer, NoAnswer>> {
  const { timeoutMs } = question;
  const decided = new AbortController();
  const wanted = AbortSignal.any([signal, decided.signal]);
  const expired = async (ms: number): Promise<'expired'> => {
    await clock.sleep(ms, wanted);
    return 'expired';
  };
  const first = await Promise.race([
    ask(question, wanted),
    questions.answered(question, wanted),
    waitForAbort(signal, decided.signal),
    ...(timeoutMs === undefined ? [] : [expired(timeoutMs)]),
  ]);
  decided.abort();
  if (signal.aborted || first === 'aborted') return fail({ kind: 'cancelled' });
  if (first === 'expired')
    return fail({ kind: 'timed-out', afterMs: timeoutMs ?? 0, isUnanswered: true });
  if (!first.ok) return fail({ kind: 'unanswered', detail: first.failure });
  const checked = checkAnswer(question, first.value);
  return checked.ok ? ok(checked.value) : fail({ kind: 'unanswered', detail: checked.failure });
}

const nobody: Ask = () => Promise.resolve(fail('nobody is there to give one'));
