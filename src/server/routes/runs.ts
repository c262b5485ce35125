import { reportsOf } from '../../report/tests.ts';
import { sendProblem } from '../problem.ts';
import { toBody } from '../run-body.ts';
import * as wire from '../schemas.ts';
import { eventRoutes } from './events.ts';
import { failureRoute } from './failure.ts';
import { lineRoutes } from './log-lines.ts';
import { logRoutes } from './logs.ts';
import { answer, findRead, listed, noRun } from './parts.ts';

import type { RunAnswers, Routes } from './parts.ts';

/** Lists runs, and tells what one of them is, was to be, and has tested. */
export function runRoutes(scope: Routes, answers: RunAnswers): void {
  const { index, views } = answers;

  scope.get(
    '/api/v1/runs',
    {
      schema: {
        summary: 'The runs that are remembered, the latest first',
        tags: ['runs'],
        querystring: wire.listQuery,
        response: { 200: wire.runList, ...wire.problems },
      },
    },
    async ({ query }) => {
      const found = await index.list({ ...query, limit: query.limit + 1 });
      const runs = found.slice(0, query.limit).map((run) => listed(run, answers));
      return { runs, ...(found.length > query.limit && { next: runs.at(-1)!.id }) };
    },
  );

  scope.get(
    '/api/v1/runs/:run',
    {
      schema: {
        summary: 'A run as it is now: its stages, groups, steps and services',
        tags: ['runs'],
        params: wire.runParams,
        response: { 200: wire.run, ...wire.problems },
      },
    },
    async ({ params }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      return answer(reply, { ...toBody(run, await views.of(run.id)), ...listed(run, answers) });
    },
  );

  scope.get(
    '/api/v1/runs/:run/tests',
    {
      schema: {
        summary: 'What the tests of a run came to',
        tags: ['runs'],
        params: wire.runParams,
        response: { 200: wire.testList, ...wire.problems },
      },
    },
    async ({ params }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      const view = await views.of(run.id);
      return answer(reply, { reports: view ? reportsOf(view) : [] });
    },
  );

  scope.get(
    '/api/v1/runs/:run/plan',
    {
      schema: {
        summary: 'What was planned for a run',
        tags: ['runs'],
        params: wire.runParams,
        response: { 200: wire.plan, ...wire.problems },
      },
    },
    async ({ params }, reply) => {
      const found = await findRead(params.run, answers);
      return found.ok ? answer(reply, found.value.view.plan) : sendProblem(reply, found.failure);
    },
  );

  failureRoute(scope, answers);
  eventRoutes(scope, answers);
  logRoutes(scope, answers);
  lineRoutes(scope, answers);
}
