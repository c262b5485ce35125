import { z } from 'zod';

import { aliasBody } from '../../schemas.ts';
import { answer, noRun } from '../parts.ts';
import { aliasParams, nothing, pipelineParams, refusals, sendRefusal } from './parts.ts';

import type { Problem } from '../../problem.ts';
import type { RunAnswers, Routes } from '../parts.ts';

/** Tells and gives aliases. `latest` is what `RunIndex.find` calls so, and cannot be given. */
export function aliasRoutes(scope: Routes, { index }: RunAnswers): void {
  const tags = ['Pipeline'];
  const latest = async () => (await index.find('latest'))?.id;

  scope.get(
    '/pipeline/alias/',
    {
      schema: {
        operationId: 'getAliasList',
        summary: 'Every alias',
        tags,
        response: { 200: z.array(z.string()), ...refusals },
      },
    },
    async () => {
      const names = index.aliases().map(({ alias }) => alias);
      return (await latest()) === undefined ? names : ['latest', ...names];
    },
  );

  scope.get(
    '/pipeline/alias/:pipelineAlias',
    {
      schema: {
        operationId: 'getPipelineForAlias',
        summary: 'The pipeline of an alias',
        tags,
        params: aliasParams,
        response: { 200: z.object({ id: z.string() }), ...refusals },
      },
    },
    async ({ params: { pipelineAlias } }, reply) => {
      const named = index.aliases().find(({ alias }) => alias === pipelineAlias)?.run;
      const id = pipelineAlias === 'latest' ? await latest() : named;
      return id === undefined ? sendRefusal(reply, noAlias(pipelineAlias)) : answer(reply, { id });
    },
  );

  scope.get(
    '/pipeline/:pipelineId/alias',
    {
      schema: {
        operationId: 'getAliasesForPipeline',
        summary: 'The aliases of a pipeline',
        tags,
        params: pipelineParams,
        response: { 200: z.array(z.string()), ...refusals },
      },
    },
    async ({ params: { pipelineId } }, reply) => {
      const run = await index.find(pipelineId);
      if (!run) return sendRefusal(reply, noRun(pipelineId));
      const own = index.aliases().filter((alias) => alias.run === run.id);
      const names = own.map(({ alias }) => alias);
      return answer(reply, (await latest()) === run.id ? ['latest', ...names] : names);
    },
  );

  scope.post(
    '/pipeline/:pipelineId/alias/:pipelineAlias',
    {
      schema: {
        operationId: 'setAliasForPipeline',
        summary: 'Gives a pipeline an alias; another that had it has it no more',
        tags,
        params: pipelineParams.extend({ pipelineAlias: aliasBody.shape.alias }),
        response: nothing,
      },
    },
    async ({ params: { pipelineId, pipelineAlias } }, reply) => {
      const run = await index.find(pipelineId);
      if (!run) return sendRefusal(reply, noRun(pipelineId));
      index.setAlias(pipelineAlias, run.id);
      return answer(reply, { id: run.id });
    },
  );
}

const noAlias = (alias: string): Problem => ({
  status: 404,
  kind: 'no-run',
  title: 'There is no such pipeline',
  detail: `Nothing has the alias '${alias}'. GET /api/pipeline/alias/ lists what there is.`,
});
