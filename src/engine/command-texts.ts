import { fill, fillOrFallBack } from '../expression/fill.ts';

import type { Filled, Variables } from '../expression/fill.ts';
import type { Command, Text } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/**
 * Whether an executor can be asked for a command only later: its image, say, is named by an expression that
 * asks for what the run has not learned yet.
 */
export const isLate = (command: Command, variables: Variables): boolean =>
  surroundingsOf(command).some((text) => fill(text, variables).nulls !== undefined);

/** A clause about the first text of a command whose expressions cannot be worked out. Undefined: all can. */
export function brokenText(command: Command, variables: Variables): string | undefined {
  for (const [what, { failure }] of filledTexts(command, variables))
    if (failure !== undefined) return `${what} cannot be worked out: ${failure}`;
  return undefined;
}

/** Warns once of each variable that the expressions of a node ask for and the run does not have. */
export function tellNulls(
  { id, command }: { readonly id: string; readonly command: Command },
  { recorder, toldMissing, variables }: StageContext,
): void {
  for (const name of filledTexts(command, variables).flatMap(([, { nulls = [] }]) => nulls)) {
    const told = `${id} ${name}`;
    if (toldMissing.has(told)) continue;
    toldMissing.add(told);
    const text = `an expression asks for ${name}, which has no value, and reads it as null`;
    recorder.event({ type: 'warning', about: id, text });
  }
}

/** Every text of a command as it is now, and what messages call it. */
function filledTexts(
  command: Command,
  variables: Variables,
): readonly (readonly [what: string, filled: Filled])[] {
  const { run, environment } = command;
  const words =
    run.kind === 'script' ? run.lines : run.kind === 'argv' ? run.argv : (run.arguments ?? []);
  return [
    ...surroundingsOf(command).map(
      (text) => ['its image or container', fill(text, variables)] as const,
    ),
    ...environment.map(
      (variable) => [`its \`${variable.name}\``, fillOrFallBack(variable, variables)] as const,
    ),
    ...words
      .filter((word) => typeof word !== 'string')
      .map((word) => ['its command', fill(word, variables)] as const),
  ];
}

/** The texts that an executor has to know to say whether it can do it. */
const surroundingsOf = ({ image, user, container }: Command): readonly Text[] =>
  [
    image,
    user,
    container?.hostname,
    ...(container?.aliases ?? []),
    ...(container?.ports ?? []),
    ...(container?.volumes ?? []),
  ].filter((text) => text !== undefined);
