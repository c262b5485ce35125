import { runCommand } from '../../event/run-command.ts';
import { askRun } from '../ask-run.ts';
import { sendProblem } from '../problem.ts';
import * as wire from '../schemas.ts';
import { answer, listed, noRun } from './parts.ts';

import type { z } from 'zod';
import type { RunAnswers, Routes } from './parts.ts';

/** Asks a run for something: the run itself takes the command, or says why not. */
export function commandRoutes(scope: Routes, answers: RunAnswers): void {
  const { index } = answers;
  scope.post(
    '/api/v1/runs/:run/commands',
    {
      schema: {
        summary:
          'Asks a run to pause, to resume, to end, or to take an answer to what it asks, or a variable',
        description:
          'A paused run begins nothing more, and its services stay up; `resume` lets it go on `all` the way, to the `next` step, or up to and including a `step`. One that is loaded is paused, too. What it asks stands in its `questions`: `answer` takes one of the choices of it, `approve` and `reject` are the short ways for approvals, and `secrets` names the inputs that are never shown. A run whose files are still being read takes nothing but `kill`. Answers once the run has taken the command.',
        tags: ['runs'],
        params: wire.runParams,
        body: runCommand as unknown as z.ZodType<z.output<typeof runCommand>>,
        response: { 200: wire.listedRun, ...wire.problems },
      },
    },
    async ({ params, body }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      const asked = await askRun(run, body, answers);
      if (!asked.ok) return sendProblem(reply, asked.failure);
      return answer(reply, listed((await index.find(run.id)) ?? run, answers));
    },
  );
}
