import { compilePattern } from '../base/pattern.ts';
import { fail, ok } from '../base/result.ts';

import type { Result } from '../base/result.ts';
import type { Answer, AskedInput, Question } from './question.ts';

/** What an input comes to when this is answered, or a clause that says what it is to be. */
export function takeInput(
  { allowed, pattern, required, fallback = '' }: AskedInput,
  answered = '',
): Result<string, string> {
  const value = answered === '' ? fallback : answered;
  if (value === '') return required === true ? fail('is required') : ok(value);
  if (allowed && !allowed.includes(value))
    return fail(`is to be one of ${allowed.join(', ')}, and is not`);
  if (pattern === undefined) return ok(value);
  const compiled = compilePattern(pattern);
  if (!compiled.ok) return fail(`cannot be checked: ${pattern} ${compiled.failure}`);
  const { source, flags } = compiled.value;
  return new RegExp(`^(?:${source})$`, flags).test(value)
    ? ok(value)
    : fail(`is to match ${pattern}, and does not`);
}

/** The answer with all that was asked for, or a sentence that says what is wrong with it. */
export function checkAnswer(
  { choices, inputs: asked }: Question,
  answer: Answer,
): Result<Answer, string> {
  if (!choices.includes(answer.choice))
    return fail(`'${answer.choice}' is none of ${choices.join(', ')}`);
  const givesInputs = answer.choice === 'approve' || answer.choice === 'give';
  if (!givesInputs) return ok({ ...answer, inputs: {} });
  // One that is misspelt would be shown.
  const stray = answer.secrets?.find((secret) => !asked.some(({ name }) => name === secret));
  if (stray !== undefined) return fail(`it asks for no input '${stray}'`);
  const inputs: [string, string][] = [];
  for (const input of asked) {
    const { name } = input;
    const given = Object.hasOwn(answer.inputs, name) ? answer.inputs[name] : undefined;
    const taken = takeInput(input, given);
    if (!taken.ok) return fail(`its input '${name}' ${taken.failure}`);
    inputs.push([name, taken.value]);
  }
  return ok({ ...answer, inputs: Object.fromEntries(inputs) });
}
