import { below } from '../below.ts';
import { launchRunner } from '../launch-runner.ts';
import { runRequest } from '../order.ts';
import { sendProblem } from '../problem.ts';
import { toListed } from '../run-body.ts';
import * as wire from '../schemas.ts';
import { answer } from './parts.ts';

import type { LaunchWorld, NotBegun } from '../launch-runner.ts';
import type { Problem } from '../problem.ts';
import type { Routes } from './parts.ts';

export interface StartParts extends LaunchWorld {
  /** The folder that everything named by clients lies in. */
  readonly workspace: string;
}

/** Starts runs. */
export function startRoutes(scope: Routes, parts: StartParts): void {
  scope.post(
    '/api/v1/runs',
    {
      schema: {
        summary: 'Starts a run',
        description:
          'A process of its own carries the run out, whatever becomes of the server. Answers once the run has begun; a pipeline with mistakes is a problem that tells them.',
        tags: ['runs'],
        body: runRequest,
        response: { 201: wire.listedRun, ...wire.problems },
      },
    },
    async ({ body }, reply) => {
      const workspace = await below(parts.workspace, body.workspace ?? '.', 'folder');
      if (!workspace.ok) return sendProblem(reply, workspace.failure);
      const file =
        body.file === undefined ? undefined : await below(parts.workspace, body.file, 'file');
      if (file?.ok === false) return sendProblem(reply, file.failure);
      const wish = { ...body, workspace: workspace.value, ...(file && { file: file.value }) };
      const launched = await launchRunner(wish, parts);
      if (!launched.ok) return sendProblem(reply, describe(launched.failure));
      const run = toListed(launched.value);
      return answer(reply.code(201).header('location', `/api/v1/runs/${run.id}`), run);
    },
  );
}

/** What the runner's exit code means: see the table of `continuo --help`. */
function describe({ code, said }: NotBegun): Problem {
  const detail = said.trim();
  if (code === 2)
    return { status: 422, kind: 'invalid-pipeline', title: 'The pipeline has mistakes', detail };
  if (code === 3)
    return { status: 503, kind: 'cannot-run', title: 'The pipeline cannot run here', detail };
  return {
    status: 500,
    kind: 'runner-ended',
    title: 'The process of the run has ended before the run began',
    detail,
  };
}
