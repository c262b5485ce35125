import { z } from 'zod';

import { toSequence } from '../../cix/sequence.ts';
import { pipelineStatus, pipelineStatuses } from '../../cix/status.ts';
import { describeNotBegun } from '../../not-begun.ts';
import { answer, notRead } from '../parts.ts';
import { findPipeline, pipelineParams, refusals, sendRefusal } from './parts.ts';

import type { CixTable } from '../../cix/cix-table.ts';
import type { RunAnswers, Routes } from '../parts.ts';
import type { Found } from './parts.ts';

export interface PipelineParts extends RunAnswers {
  readonly cixTable: CixTable;
}

const sequence = z.looseObject({ name: z.string(), steps: z.array(z.looseObject({})) });

/** Tells of pipelines what CIX tells of them. */
export function pipelineRoutes(scope: Routes, answers: PipelineParts): void {
  scope.get(
    '/pipeline',
    {
      schema: {
        operationId: 'getPipelineList',
        summary: 'The ids of the pipelines, the latest last',
        tags: ['Pipeline'],
        response: { 200: z.array(z.string()), ...refusals },
      },
    },
    async () => {
      const runs = await answers.index.list({ limit: most });
      return runs.map(({ id }) => id).reverse();
    },
  );

  scope.get(
    '/pipeline/:pipelineId',
    {
      schema: {
        operationId: 'getPipelineSequence',
        summary: 'The steps and groups of a pipeline, and what has become of each',
        tags: ['Pipeline'],
        params: pipelineParams,
        response: { 200: sequence, ...refusals },
      },
    },
    async ({ params }, reply) => {
      const found = await findPipeline(params.pipelineId, answers);
      if (!found.ok) return sendRefusal(reply, found.failure);
      const { run } = found.value;
      if (run.outcome === 'loaded') {
        const woken = await answers.loaded.wake(run.id);
        if (!woken.ok) return sendRefusal(reply, describeNotBegun(woken.failure));
      }
      const view = await answers.views.of(run.id);
      if (!view) return sendRefusal(reply, notRead);
      return answer(reply, toSequence(view, run.outcome === 'lost'));
    },
  );

  scope.get(
    '/pipeline/:pipelineId/status',
    {
      schema: {
        operationId: 'getPipelineStatus',
        summary: 'What has become of a pipeline, and what comes after it',
        tags: ['Pipeline'],
        params: pipelineParams,
        querystring: z.strictObject({
          chainedStatus: z
            .enum(['true', 'false'])
            .default('false')
            .describe('of the first that has not succeeded of those that are linked'),
        }),
        response: { 200: status, ...refusals },
      },
    },
    async ({ params, query }, reply) => {
      const found = await findPipeline(params.pipelineId, answers);
      if (!found.ok) return sendRefusal(reply, found.failure);
      const next = answers.cixTable.after(found.value.run.id);
      let told = statusOf(found.value);
      for (const id of query.chainedStatus === 'true' ? next : []) {
        const after = await findPipeline(id, answers);
        if (told === 'successful' && after.ok) told = statusOf(after.value);
      }
      return answer(reply, { status: told, ...(next.length > 0 && { next }) });
    },
  );
}

const status = z.object({
  status: z.enum(pipelineStatuses),
  next: z.array(z.string()).optional().describe('the pipelines that follow by themselves'),
});

const statusOf = ({ run, view }: Found) => pipelineStatus(run.outcome, view);

const most = 10_000;
