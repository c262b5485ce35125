/** How a run stands, as the list of runs tells it. */
export type Standing =
  'starting' | 'loaded' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'lost';

/** What the list tells of a run. */
export interface ListedRun {
  readonly id: string;
  readonly pipeline: string;
  readonly outcome: Standing;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The run after which it begins by itself. */
  readonly after?: string;
}

/** A page of the list. */
export interface RunList {
  readonly runs: readonly ListedRun[];
  /** What comes before the next page. Absent: that is all. */
  readonly next?: string;
}

/** The path of what is known of a run. */
export const runPath = (run: string, rest = ''): string =>
  `/api/v1/runs/${encodeURIComponent(run)}${rest}`;
