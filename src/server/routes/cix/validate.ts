import { z } from 'zod';

import { check } from '../../check.ts';
import { describeNotBegun } from '../../not-begun.ts';
import { answer } from '../parts.ts';
import { nothing, sendRefusal } from './parts.ts';
import { pathsOf, pipelineSpec, toGiven } from './specs.ts';

import type { FastifyReply } from 'fastify';
import type { Routes } from '../parts.ts';
import type { PluginParts } from './plugins.ts';

const mistakes = z.array(z.looseObject({ message: z.string() }));

/** Finds what is wrong with pipelines and plugins. */
export function validateRoutes(scope: Routes, { runner, workspace, cixTable }: PluginParts): void {
  scope.post(
    '/validate/pipeline/full',
    {
      schema: {
        operationId: 'validate',
        summary: 'Finds every mistake in a pipeline and in what it imports',
        tags: ['Validate'],
        body: pipelineSpec,
        response: nothing,
      },
    },
    async ({ body }, reply) => {
      const given = await toGiven(body, workspace);
      if (!given.ok) return sendRefusal(reply, given.failure);
      const plugins = pathsOf(body.plugins ?? [], cixTable);
      if (!plugins.ok) return sendRefusal(reply, plugins.failure);
      const order = { what: 'pipeline', ...given.value, plugins: plugins.value } as const;
      const checked = await check(order, runner);
      return checked.ok
        ? reply.send()
        : sendRefusal(reply, describeNotBegun(checked.failure, 'pipeline'));
    },
  );

  for (const what of ['pipeline', 'plugin'] as const)
    scope.post(
      `/validate/${what}/schema`,
      {
        schema: {
          operationId: what === 'pipeline' ? 'validatePipelineSchema' : 'validatePluginSchema',
          summary: `Finds every mistake in a ${what} that is given as JSON`,
          tags: ['Validate'],
          body: z.looseObject({}),
          response: { ...nothing, 400: mistakes },
        },
      },
      async ({ body }, reply) => {
        const text = JSON.stringify(body, undefined, 2);
        const given = { workspace, readsBelow: workspace, text, variables: {}, secrets: {} };
        const checked = await check({ what, ...given }, runner);
        if (checked.ok) return reply.send();
        const { code, said } = checked.failure;
        return code === 2
          ? tell(reply, said.trim())
          : sendRefusal(reply, describeNotBegun(checked.failure, what));
      },
    );
}

/** As CIX does it: an array, of whatever length. */
const tell = (reply: FastifyReply, said: string): FastifyReply =>
  answer(reply.code(400), [{ message: said }]);
