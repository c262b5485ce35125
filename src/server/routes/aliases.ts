import { sendProblem } from '../problem.ts';
import * as wire from '../schemas.ts';
import { answer, listed, noRun } from './parts.ts';

import type { RunAnswers, Routes } from './parts.ts';

/** Tells and gives the names that runs have besides those of their pipelines. */
export function aliasRoutes(scope: Routes, answers: RunAnswers): void {
  const { index } = answers;
  const tags = ['runs'];

  scope.get(
    '/api/v1/aliases',
    {
      schema: {
        summary: 'The names that runs were given besides those of their pipelines',
        tags,
        response: { 200: wire.aliasList, ...wire.problems },
      },
    },
    () => ({ aliases: [...index.aliases()] }),
  );

  scope.post(
    '/api/v1/runs/:run/aliases',
    {
      schema: {
        summary: 'Gives a run one more name; another run that had it has it no more',
        tags,
        params: wire.runParams,
        body: wire.aliasBody,
        response: { 200: wire.listedRun, ...wire.problems },
      },
    },
    async ({ params, body }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      index.setAlias(body.alias, run.id);
      return answer(reply, listed(run, answers));
    },
  );
}
