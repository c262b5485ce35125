import { cleanLine } from '../../report/clean.ts';
import { alternatives, listed } from '../../report/describe.ts';

import type { OpenQuestion } from '../../event/open-questions.ts';
import type { AskedInput } from '../../event/question.ts';

/** What a run asks, and the command that answers it. */
export function questionLines(
  run: string,
  { name, kind, message, choices, inputs = [] }: OpenQuestion,
): string[] {
  const isGiven = choices.includes('give');
  const wish = isGiven ? `asks for ${listed(inputs.map(inputWords))}` : `asks: ${message}`;
  const step = /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
  const choice = isGiven
    ? ['give', ...inputs.map((input) => `--input ${input.name}=…`)].join(' ')
    : choices.join('|');
  const command = choices.includes('approve')
    ? `continuo ${choices.join('|')} ${step} ${run}`
    : `continuo answer ${step} ${choice} ${run}`;
  return [`  ${cleanLine(`${kind} '${name}' ${wish}`)}`, `    ${cleanLine(command)}`];
}

const inputWords = ({ name, allowed }: AskedInput): string =>
  allowed ? `${name} (${alternatives(allowed)})` : name;
