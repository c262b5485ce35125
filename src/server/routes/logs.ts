import { sendProblem } from '../problem.ts';
import { runLog } from '../run-log.ts';
import * as wire from '../schemas.ts';
import { sendPieces } from '../send-pieces.ts';
import { findRead, streamed, unknownTask } from './parts.ts';

import type { RunAnswers, Routes } from './parts.ts';

/** Tells what the steps and services of a run print, as plain text. */
export function logRoutes(scope: Routes, answers: RunAnswers): void {
  const { views, isAlive } = answers;
  scope.get(
    '/api/v1/runs/:run/logs',
    {
      schema: {
        summary: 'What steps and services print, as plain text',
        description:
          'Of one task byte by byte; of all of them with the name of the task before each line.',
        tags: ['logs'],
        params: wire.runParams,
        querystring: wire.logQuery,
        response: streamed('text/plain', 'the lines'),
      },
    },
    async ({ params, query: { task, follow, ...range } }, reply) => {
      const found = await findRead(params.run, answers);
      if (!found.ok) return sendProblem(reply, found.failure);
      const { run, view } = found.value;
      const wrong = unknownTask(view, task);
      if (wrong) return sendProblem(reply, wrong);
      const log = await views.index(run.id);
      const wanted = { task, ...range, follow: follow ? { isAlive } : undefined };
      return sendPieces(reply.type('text/plain; charset=utf-8'), (signal) =>
        runLog(log, { ...wanted, signal, lends: true }),
      );
    },
  );
}
