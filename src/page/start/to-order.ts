import { fail, ok } from '../../base/result.ts';
import { variableName } from '../../base/variable-name.ts';

import type { Result } from '../../base/result.ts';
import type { Draft, DraftVariable } from './draft.ts';

/** What the server is asked for a run with: a part of what it takes. */
export interface RunOrder {
  readonly file?: string;
  readonly text?: string;
  readonly name?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly break?: readonly string[];
  readonly load?: true;
}

/** A field of the form. */
export type FieldKey = 'file' | 'text' | `name ${number}` | `value ${number}`;

/** What is wrong with fields, as what follows an "It". */
export type Problems = ReadonlyMap<FieldKey, string>;

/** The order that a form comes to, or what cannot be taken of it. */
export function toOrder(draft: Draft, isLoaded: boolean): Result<RunOrder, Problems> {
  const problems = problemsOf(draft);
  if (problems.size > 0) return fail(problems);
  const { from, file, text } = draft;
  const name = draft.name.trim();
  const [secrets, variables] = [true, false].map((isSecret) =>
    given(draft).filter((one) => one.isSecret === isSecret),
  );
  const breaks = draft.breaks.split('\n').flatMap((line) => line.trim() || []);
  return ok({
    ...(from === 'file' ? { file: file.trim() } : { text }),
    ...(name !== '' && { name }),
    ...(variables!.length > 0 && { variables: toRecord(variables!) }),
    ...(secrets!.length > 0 && { secrets: toRecord(secrets!) }),
    ...(breaks.length > 0 && { break: breaks }),
    ...(isLoaded && { load: true }),
  });
}

/** What nothing is written into is not there. */
const given = ({ variables }: Draft): readonly DraftVariable[] =>
  variables.filter(({ name, value }) => name.trim() !== '' || value !== '');

const toRecord = (variables: readonly DraftVariable[]): Record<string, string> =>
  Object.fromEntries(variables.map(({ name, value }) => [name.trim(), value]));

function problemsOf(draft: Draft): Problems {
  const problems = new Map<FieldKey, string>();
  if (draft[draft.from].trim() === '') problems.set(draft.from, 'is required');
  const seen = new Set<string>();
  for (const { key, name: written, value, isSecret } of given(draft)) {
    const name = written.trim();
    if (name === '') problems.set(`name ${key}`, 'is required');
    else if (!variableName.test(name)) problems.set(`name ${key}`, 'is to have no blanks and no =');
    else if (seen.has(name)) problems.set(`name ${key}`, 'is there already');
    seen.add(name);
    // Nothing at all cannot be kept from being seen.
    if (isSecret && value === '') problems.set(`value ${key}`, 'is required of a secret');
  }
  return problems;
}
