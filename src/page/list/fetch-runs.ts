import { ok } from '../../base/result.ts';
import { askJson } from '../api/ask.ts';

import type { Result } from '../../base/result.ts';
import type { Refusal } from '../api/ask.ts';
import type { ListedRun, RunList, Standing } from '../api/wire.ts';

/** Which runs are wanted. */
export interface Wanted {
  readonly outcome?: Standing | undefined;
  readonly name?: string | undefined;
  /** So many of them, the latest first. */
  readonly count: number;
}

export interface FoundRuns {
  readonly runs: readonly ListedRun[];
  /** There are more of them. */
  readonly isCut: boolean;
}

const most = 1_000;

/** Asks for runs, in as many pages as it takes. Rejects when the signal aborts. */
export async function fetchRuns(
  { outcome, name, count }: Wanted,
  signal: AbortSignal,
): Promise<Result<FoundRuns, Refusal>> {
  const runs: ListedRun[] = [];
  for (let next: string | undefined; ;) {
    const query = new URLSearchParams({
      limit: String(Math.min(most, count - runs.length)),
      ...(next !== undefined && { before: next }),
      ...(outcome !== undefined && { outcome }),
      ...(name !== undefined && { contains: name }),
    });
    const asked = await askJson<RunList>(`/api/v1/runs?${query.toString()}`, { signal });
    if (!asked.ok) return asked;
    runs.push(...asked.value.runs);
    next = asked.value.next;
    if (next === undefined || runs.length >= count) return ok({ runs, isCut: next !== undefined });
  }
}
