import { atFailure, describeCause } from '../../report/describe-cause.ts';
import { nameOf } from '../../report/describe.ts';
import { brokenService } from '../../report/broken.ts';
import { gatherFailure } from '../../report/failure.ts';
import { findFailure, recordsIn } from '../failure-records.ts';
import { sendProblem } from '../problem.ts';
import * as wire from '../schemas.ts';
import { answer, findRead } from './parts.ts';

import type { RunView } from '../../event/view.ts';
import type { Excerpt } from '../../report/failure.ts';
import type { RunAnswers, Routes } from './parts.ts';

/** Tells what there is to read about the failure of a run. */
export function failureRoute(scope: Routes, answers: RunAnswers): void {
  scope.get(
    '/api/v1/runs/:run/failure',
    {
      schema: {
        summary: 'What broke first in a run, and what was said around it',
        description:
          'The cause in one sentence, the last lines of the steps that it ended, and what each service said while they ran. Also of a run that is paused at a failure.',
        tags: ['runs'],
        params: wire.runParams,
        response: { 200: wire.failure, ...wire.problems },
      },
    },
    async ({ params }, reply) => {
      const found = await findRead(params.run, answers);
      if (!found.ok) return sendProblem(reply, found.failure);
      const view = atFailure(found.value.view);
      const cause = describeCause(view);
      if (!cause) return answer(reply, { steps: [], services: [] });
      const journal = await answers.views.index(found.value.run.id);
      const { spans, shortened } = await findFailure(journal, view);
      const look = { color: false, shortened };
      const { steps, services } = await gatherFailure(recordsIn(journal.path, spans), view, look);
      const named = (excerpt: Excerpt) => ({
        ...withLastWords(view, excerpt),
        name: nameOf(view, excerpt.task),
      });
      return answer(reply, { cause, steps: steps.map(named), services: services.map(named) });
    },
  );
}

// What the journal no longer gives, the event that told of the end may still know.
const withLastWords = (view: RunView, excerpt: Excerpt): Excerpt =>
  excerpt.lines.length === 0 &&
  view.cause?.kind === 'service' &&
  brokenService(view) === excerpt.task
    ? { ...excerpt, lines: view.cause.lastLines }
    : excerpt;
