import { runPath } from '../api/wire.ts';

/** Whose log it is. */
export interface LogOf {
  readonly runId: string;
  /** Absent: everybody's. */
  readonly task: string | undefined;
}

/** The path of what the server tells of a log. */
export function logPath(
  { runId, task }: LogOf,
  rest: '' | '/lines' | '/search',
  query: Readonly<Record<string, string | number>> = {},
): string {
  const search = new URLSearchParams(task === undefined ? {} : { task });
  for (const [name, value] of Object.entries(query)) search.set(name, String(value));
  return `${runPath(runId, `/logs${rest}`)}?${search.toString()}`;
}
