import { expectedOf, whyNotGiven } from './input-notation.ts';
import { valueOfText } from './input-values.ts';

import type { InputNotation } from './input-notation.ts';
import type { InputPlace } from './input-places.ts';
import type { AskInput } from './inputs-given.ts';

/** Asks until what is answered can be taken. */
export async function askForInput(
  place: InputPlace,
  notation: InputNotation,
  ask: AskInput,
): Promise<string | undefined> {
  const { fallback } = notation;
  const expected = expectedOf(notation);
  const question = {
    path: place.path,
    ...(fallback !== undefined && { fallback }),
    ...(expected !== undefined && { expected }),
  };
  for (let problem: string | undefined; ;) {
    const answer = await ask({ ...question, ...(problem !== undefined && { problem }) });
    if (answer === undefined || (answer === '' && fallback !== undefined)) return fallback;
    const value = valueOfText(answer, place);
    const wrong = whyNotGiven(notation, answer);
    if (value.ok && wrong === undefined) return answer;
    problem = value.ok ? `it must be ${wrong}` : `it ${value.failure}`;
  }
}
