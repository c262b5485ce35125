import { z } from 'zod';

import { answer, noRun, servedOf } from '../parts.ts';
import { nothing, pipelineParams, refusals, sendRefusal } from './parts.ts';
import { pathsOf, pipelineSpec, toGiven } from './specs.ts';

import type { CixTable } from '../../cix/cix-table.ts';
import type { Problem } from '../../problem.ts';
import type { RunAnswers, Routes } from '../parts.ts';

export interface AddParts extends RunAnswers {
  readonly cixTable: CixTable;
  /** The folder that everything named by clients lies in. */
  readonly workspace: string;
}

/** Takes pipelines, and lets one begin after another. Each is read when it is first asked for something, as in CIX. */
export function addRoutes(scope: Routes, parts: AddParts): void {
  const { index, loaded, cixTable, workspace } = parts;

  scope.post(
    '/pipeline',
    {
      schema: {
        operationId: 'addPipeline',
        summary: 'Takes a pipeline, of which nothing begins yet',
        tags: ['Pipeline'],
        body: pipelineSpec,
        response: { 200: z.object({ id: z.string() }), ...refusals },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { pipelineAlias: alias, defaultPullPolicy: pullPolicy, plugins = [] } = body;
      const { type, ticket } = body;
      const given = await toGiven(body, workspace, { inTime: true });
      if (!given.ok) return sendRefusal(reply, given.failure);
      const paths = pathsOf(plugins, cixTable);
      if (!paths.ok) return sendRefusal(reply, paths.failure);
      const run = loaded.keep({
        ...given.value,
        served: servedOf(request),
        ...{ executor: 'auto', load: true, plugins: paths.value },
        ...(alias !== undefined && { name: alias }),
        ...(pullPolicy && { pullPolicy }),
        ...(type === 'teardown' && { teardown: true }),
        ...(ticket !== undefined && { ticket }),
      });
      if (alias !== undefined && alias !== 'latest') index.setAlias(alias, run.id);
      return answer(reply, { id: run.id });
    },
  );

  scope.get(
    '/pipeline/:pipelineId/link/:nextPipelineId',
    {
      config: { isChange: true },
      exposeHeadRoute: false,
      schema: {
        operationId: 'linkPipeline',
        summary: 'Has a pipeline begin by itself after another',
        tags: ['Pipeline'],
        params: pipelineParams.extend({ nextPipelineId: z.string().min(1).max(200) }),
        response: nothing,
      },
    },
    async ({ params: { pipelineId, nextPipelineId } }, reply) => {
      const run = await index.find(pipelineId);
      const next = await index.find(nextPipelineId);
      if (!run) return sendRefusal(reply, noRun(pipelineId));
      if (!next) return sendRefusal(reply, noRun(nextPipelineId));
      if (loaded.isBehind(run.id, next.id)) return sendRefusal(reply, circular);
      const always = loaded.kept(next.id)?.order.teardown === true;
      const isLoaded = await loaded.beginAfter(next.id, { after: run.id, always });
      if (!isLoaded) return sendRefusal(reply, notLoaded(next.id));
      cixTable.setNext(run.id, next.id);
      return reply.send();
    },
  );
}

const circular: Problem = {
  status: 400,
  kind: 'circular',
  title: 'None of these pipelines would ever begin',
};

const notLoaded = (run: string): Problem => ({
  status: 400,
  kind: 'not-loaded',
  title: 'Only a pipeline that is loaded can be linked',
  detail: `The run ${run} has begun already.`,
});
