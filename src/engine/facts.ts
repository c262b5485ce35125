import { hostname } from 'node:os';

import { placeMark } from '../executor/executor.ts';
import { outputVariable } from './hand-over.ts';

import type { PlaceFact } from '../executor/executor.ts';
import type { Variables } from '../expression/fill.ts';
import type { FactVariable, RunStep, Service } from '../plan/plan.ts';

/** What a task is told of itself and of its place. */
export interface Facts {
  /** What is known here. */
  readonly values: Readonly<Record<string, string>>;
  /** What its executor knows. */
  readonly place: Readonly<Record<string, PlaceFact>>;
}

/** What is told of a run, and what it was given. */
export interface ToldOfRun {
  readonly told: readonly FactVariable[];
  readonly runId: string;
  readonly variables: Variables;
}

/**
 * The run's variables with what all of its tasks are told, which files may name like any other. What a
 * machine is called is as the caller says, if he does.
 */
export function variablesOfRun({ told, runId, variables }: ToldOfRun): Variables {
  const own = new Map<string, string>();
  for (const { name, is } of told) {
    if (is.kind === 'text') own.set(name, is.text);
    if (is.kind === 'run') own.set(name, runId);
    if (is.kind === 'machine') own.set(name, variables.get(name) ?? hostname());
  }
  return own.size === 0 ? variables : new Map([...variables, ...own]);
}

/** The variables that a task's own words and environment may name: those of the run, and its facts. */
export function variablesOfTask({ values, place }: Facts, variables: Variables): Variables {
  const marks = Object.keys(place).map((name) => [name, placeMark(name)] as const);
  const own = [...Object.entries(values), ...marks];
  return own.length === 0 ? variables : new Map([...variables, ...own]);
}

/** Parts what a task is told by who knows it. What hands over nothing may write where nobody reads. */
export function factsFor(
  node: Pick<RunStep | Service, 'name'> & Pick<RunStep, 'outputs'>,
  { told, runId, variables }: ToldOfRun,
): Facts {
  const values: Record<string, string> = {};
  const place: Record<string, PlaceFact> = {};
  const handsOver = (node.outputs ?? []).length > 0;
  if (handsOver) place[outputVariable] = { kind: 'outputs' };
  for (const { name, is } of told)
    switch (is.kind) {
      case 'text':
        values[name] = is.text;
        break;
      case 'task':
        values[name] = node.name;
        break;
      case 'run':
        values[name] = runId;
        break;
      case 'outputs':
        if (handsOver) place[name] = { kind: 'outputs' };
        else values[name] = '/dev/null';
        break;
      case 'machine':
        values[name] = variables.get(name) ?? hostname();
        break;
      default:
        place[name] = is;
    }
  return { values, place };
}
