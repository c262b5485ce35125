import { sendProblem } from '../problem.ts';
import * as wire from '../schemas.ts';
import { answer, listed, noRun } from './parts.ts';

import type { Problem } from '../problem.ts';
import type { RunAnswers, Routes } from './parts.ts';

/** Has a loaded run begin by itself after another. */
export function beginAfterRoutes(scope: Routes, answers: RunAnswers): void {
  const { index, loaded } = answers;

  scope.post(
    '/api/v1/runs/:run/link',
    {
      schema: {
        summary: 'Has a loaded run begin by itself once another has succeeded',
        tags: ['runs'],
        params: wire.runParams,
        body: wire.linkBody,
        response: { 200: wire.listedRun, ...wire.problems },
      },
    },
    async ({ params, body }, reply) => {
      const [run, before] = [await index.find(params.run), await index.find(body.after)];
      if (!run) return sendProblem(reply, noRun(params.run));
      if (!before) return sendProblem(reply, noRun(body.after));
      if (loaded.isBehind(before.id, run.id)) return sendProblem(reply, circular(run.id));
      const isLoaded = await loaded.beginAfter(run.id, { after: before.id, always: body.always });
      if (!isLoaded) return sendProblem(reply, notLoaded(run.id));
      return answer(reply, listed(run, answers));
    },
  );
}

const circular = (run: string): Problem => ({
  status: 422,
  kind: 'circular',
  title: 'Neither of them would ever begin',
  detail: `The other run begins only after ${run}.`,
});

const notLoaded = (run: string): Problem => ({
  status: 409,
  kind: 'not-loaded',
  title: 'Only a run that is loaded can be linked',
  detail: `The run ${run} has begun already.`,
});
