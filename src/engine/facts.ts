import type { PlaceFact } from '../executor/executor.ts';
import type { RunStep, Service, Told } from '../plan/plan.ts';

/** What a task is told of itself and of its place. */
export interface Facts {
  /** What is known here. */
  readonly values: Readonly<Record<string, string>>;
  /** What its executor knows. */
  readonly place: Readonly<Record<string, PlaceFact>>;
}

/** Parts what a task is told by who knows it. */
export function factsFor(
  { name: task }: Pick<RunStep | Service, 'name'>,
  { told, runId }: { readonly told: readonly Told[]; readonly runId: string },
): Facts {
  const values: Record<string, string> = {};
  const place: Record<string, PlaceFact> = {};
  for (const { name, is } of told)
    switch (is.kind) {
      case 'text':
        values[name] = is.text;
        break;
      case 'task':
        values[name] = task;
        break;
      case 'run':
        values[name] = runId;
        break;
      default:
        place[name] = is;
    }
  return { values, place };
}
