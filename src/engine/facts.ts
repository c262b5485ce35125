import { outputVariable } from './hand-over.ts';

import type { PlaceFact } from '../executor/executor.ts';
import type { RunStep, Service, Told } from '../plan/plan.ts';

/** What a task is told of itself and of its place. */
export interface Facts {
  /** What is known here. */
  readonly values: Readonly<Record<string, string>>;
  /** What its executor knows. */
  readonly place: Readonly<Record<string, PlaceFact>>;
}

/** Parts what a task is told by who knows it. What hands over nothing may write where nobody reads. */
export function factsFor(
  node: Pick<RunStep | Service, 'name'> & Pick<RunStep, 'outputs'>,
  { told, runId }: { readonly told: readonly Told[]; readonly runId: string },
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
      default:
        place[name] = is;
    }
  return { values, place };
}
