import { ok } from '../../base/result.ts';
import { below } from '../below.ts';
import { launchRunner } from '../launch-runner.ts';
import { otherFiles, pipelineFile } from '../named-files.ts';
import { describeNotBegun } from '../not-begun.ts';
import { runRequest } from '../order.ts';
import { sendProblem } from '../problem.ts';
import * as wire from '../schemas.ts';
import { answer, listed, noRun, servedOf } from './parts.ts';

import type { LoadedRuns } from '../loaded-runs.ts';
import type { LaunchWorld, NotBegun, Wish } from '../launch-runner.ts';
import type { BeginsAfter } from '../kept-orders.ts';
import type { Result } from '../../base/result.ts';
import type { IndexedRun } from '../run-table.ts';
import type { Routes } from './parts.ts';

export interface StartParts extends LaunchWorld {
  readonly loaded: LoadedRuns;
  /** The folder that everything named by clients lies in. */
  readonly workspace: string;
}

/** Starts runs. */
export function startRoutes(scope: Routes, parts: StartParts): void {
  scope.post(
    '/api/v1/runs',
    {
      schema: {
        summary: 'Starts a run, or loads one',
        description:
          'A process of its own carries the run out, whatever becomes of the server. Answers once the run has begun; a pipeline with mistakes is a problem that tells them.',
        tags: ['runs'],
        body: runRequest,
        response: { 201: wire.listedRun, ...wire.problems },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const workspace = await below(parts.workspace, body.workspace ?? '.', 'folder');
      if (!workspace.ok) return sendProblem(reply, workspace.failure);
      const { after, always, ...wishes } = body;
      // What comes before it may write it.
      const inTime = after !== undefined;
      const file =
        body.file === undefined
          ? undefined
          : await pipelineFile(parts.workspace, body.file, inTime);
      if (file?.ok === false) return sendProblem(reply, file.failure);
      const others = await otherFiles(body, parts.workspace);
      if (!others.ok) return sendProblem(reply, others.failure);
      const before = after === undefined ? undefined : await parts.index.find(after);
      if (after !== undefined && !before) return sendProblem(reply, noRun(after));
      const wish = {
        ...wishes,
        ...others.value,
        workspace: workspace.value,
        readsBelow: parts.workspace,
        served: servedOf(request),
        ...(file && { file: file.value }),
      };
      const launched = await launch(wish, before && { after: before.id, always }, parts);
      if (!launched.ok) return sendProblem(reply, describeNotBegun(launched.failure));
      const run = listed(launched.value, parts);
      return answer(reply.code(201).header('location', `/api/v1/runs/${run.id}`), run);
    },
  );
}

async function launch(
  wish: Wish,
  begins: BeginsAfter | undefined,
  parts: StartParts,
): Promise<Result<IndexedRun, NotBegun>> {
  if (begins) return ok(parts.loaded.keep(wish, begins));
  return wish.load ? parts.loaded.load(wish) : launchRunner(wish, parts);
}
