import { askRun } from '../ask-run.ts';
import { sendProblem } from '../problem.ts';
import * as wire from '../schemas.ts';
import { answer, listed, noRun } from './parts.ts';

import type { RunAnswers, Routes } from './parts.ts';

/** Tells and gives the variables of a run. */
export function environmentRoutes(scope: Routes, answers: RunAnswers): void {
  const { index, views, loaded } = answers;
  const tags = ['runs'];

  scope.get(
    '/api/v1/runs/:run/environment',
    {
      schema: {
        summary: 'The variables that a run was given, without the values of secrets',
        tags,
        params: wire.runParams,
        response: { 200: wire.environment, ...wire.problems },
      },
    },
    async ({ params }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      const view = await views.of(run.id);
      const order = view ? undefined : loaded.kept(run.id)?.order;
      const told = view?.variables ?? new Map(Object.entries(order?.variables ?? {}));
      const hidden = Object.keys(order?.secrets ?? {}).map((name) => [name, undefined] as const);
      const variables = [...told, ...hidden].map(([name, value]) =>
        value === undefined ? { name, secret: true } : { name, value, secret: false },
      );
      return answer(reply, { variables });
    },
  );

  scope.post(
    '/api/v1/runs/:run/environment',
    {
      schema: {
        summary: 'Gives a run a variable, or another value, for what begins from now on',
        tags,
        params: wire.runParams,
        body: wire.givenVariable,
        response: { 200: wire.listedRun, ...wire.problems },
      },
    },
    async ({ params, body }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      const asked = await askRun(run, { do: 'set', ...body }, answers);
      if (!asked.ok) return sendProblem(reply, asked.failure);
      return answer(reply, listed((await index.find(run.id)) ?? run, answers));
    },
  );
}
