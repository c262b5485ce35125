import { fail, ok } from '../../base/result.ts';
import { readLines } from '../log-lines.ts';
import { searchLog } from '../log-search.ts';
import { sendProblem } from '../problem.ts';
import { isOpen } from '../run-table.ts';
import * as wire from '../schemas.ts';
import { untilLeft } from '../until-left.ts';
import { answer, findRead, unknownTask } from './parts.ts';

import type { Result } from '../../base/result.ts';
import type { Problem } from '../problem.ts';
import type { IndexedRun } from '../run-table.ts';
import type { RunAnswers, Routes } from './parts.ts';

/** Tells of what was printed line by line, for who looks at it piece by piece. */
export function lineRoutes(scope: Routes, answers: RunAnswers): void {
  const { views, turns } = answers;
  const find = async (
    wanted: string,
    task: string | undefined,
  ): Promise<Result<IndexedRun, Problem>> => {
    const found = await findRead(wanted, answers);
    if (!found.ok) return found;
    const wrong = unknownTask(found.value.view, task);
    return wrong ? fail(wrong) : ok(found.value.run);
  };

  scope.get(
    '/api/v1/runs/:run/logs/lines',
    {
      schema: {
        summary: 'Lines of what steps and services print',
        description: 'Each with its number, its time, and where it came from.',
        tags: ['logs'],
        params: wire.runParams,
        querystring: wire.lineQuery,
        response: { 200: wire.logLines, ...wire.problems },
      },
    },
    async ({ params, query: { task, from, count } }, reply) => {
      const run = await find(params.run, task);
      if (!run.ok) return sendProblem(reply, run.failure);
      const { id, outcome } = run.value;
      const signal = untilLeft(reply);
      const read = await readLines(await views.index(id), { task, from, count, signal });
      return answer(reply, { ...read, ended: !isOpen(outcome) });
    },
  );
  scope.get(
    '/api/v1/runs/:run/logs/search',
    {
      schema: {
        summary: 'Which lines have a text in them',
        description:
          'Looks for it in what was printed, as it is shown. One answer is some megabytes of work at most: `next` tells where to go on.',
        tags: ['logs'],
        params: wire.runParams,
        querystring: wire.searchQuery,
        response: { 200: wire.logHits, ...wire.problems },
      },
    },
    async ({ params, query: { task, text, limit, from, before, ...query } }, reply) => {
      const run = await find(params.run, task);
      if (!run.ok) return sendProblem(reply, run.failure);
      const place = before === undefined ? { from: from ?? 1 } : { before };
      const hits = await searchLog(await views.index(run.value.id), {
        ...{ task, text, place, limit, matchCase: query.case, signal: untilLeft(reply), turns },
      });
      return answer(reply, hits);
    },
  );
}
