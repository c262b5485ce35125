import { hostname } from 'node:os';

import { placeMark } from '../executor.ts';

import type { CommandSpec, PlaceFact, TaskSpec } from '../executor.ts';

/** Where a task is. */
export interface TaskPlace {
  /** Empty: it has none. */
  readonly container: string;
  /** Empty: it has none. */
  readonly network: string;
  /** Where the task finds the workspace. */
  readonly workspace: string;
  /** Where it is started, absolute. */
  readonly workingDir: string;
  /** Where it finds each of the shared folders, by their names. */
  readonly folders: ReadonlyMap<string, string>;
  /** Where it finds the file for what it hands over. */
  readonly outputs: string;
}

/** Whether a task is to hand something over. */
export const handsOver = ({ facts = {} }: Pick<TaskSpec, 'facts'>): boolean =>
  Object.values(facts).some(({ kind }) => kind === 'outputs');

/** So much of what a task hands over is read, in bytes. */
export const mostOutputs = 1_024 * 1_024;

/** What is said where there is more. */
export const tooManyOutputs = 'it has put more than 1 MiB into its file of outputs';

/** The variables of a task that tell it of its place. */
export function placeVariables(
  { facts = {} }: Pick<TaskSpec, 'facts'>,
  place: TaskPlace,
): Record<string, string> {
  const told = Object.entries(facts).map(([name, fact]) => [name, valueOf(fact, place)]);
  return Object.fromEntries(told) as Record<string, string>;
}

/** A task with the facts of its place where its words and its own variables have marks for them. */
export function inPlace(spec: TaskSpec, place: TaskPlace): TaskSpec {
  const told = Object.entries(placeVariables(spec, place));
  const filled = (text: string): string =>
    told.reduce((all, [name, value]) => all.replaceAll(placeMark(name), () => value), text);
  const environment = Object.entries(spec.environment).map(([name, text]) => [name, filled(text)]);
  return {
    ...spec,
    environment: Object.fromEntries(environment) as Record<string, string>,
    run: commandOf(spec.run, filled),
  };
}

function commandOf(run: CommandSpec, filled: (text: string) => string): CommandSpec {
  if (run.kind === 'image' && run.arguments)
    return { ...run, arguments: run.arguments.map(filled) };
  if (run.kind !== 'argv') return run;
  const [first, ...rest] = run.argv;
  return { ...run, argv: [filled(first), ...rest.map(filled)] };
}

function valueOf(fact: PlaceFact, place: TaskPlace): string {
  switch (fact.kind) {
    case 'container':
      return place.container;
    case 'network':
      return place.network;
    case 'machine':
      return hostname();
    case 'workspace':
      return place.workspace;
    case 'working-dir':
      return place.workingDir;
    case 'outputs':
      return place.outputs;
    case 'folder':
      return place.folders.get(fact.name) ?? '';
  }
}
