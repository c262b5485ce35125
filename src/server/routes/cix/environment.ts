import { z } from 'zod';

import { answer } from '../parts.ts';
import {
  client,
  findPipeline,
  nothing,
  pipelineParams,
  refusals,
  sendRefusal,
  tell,
} from './parts.ts';
import { variable } from './specs.ts';

import type { RunView } from '../../../event/view.ts';
import type { RunAnswers, Routes } from '../parts.ts';

/** What is shown of a secret. */
const mask = '********';

/** Tells which variables a pipeline was given, and gives it more for what begins later. */
export function environmentRoutes(scope: Routes, answers: RunAnswers): void {
  const tags = ['Pipeline Environment'];

  scope.get(
    '/pipeline/:pipelineId/environment',
    {
      schema: {
        operationId: 'listEnvironmentVariables',
        summary: 'The names of the variables that a pipeline was given',
        tags,
        params: pipelineParams,
        response: { 200: z.array(z.string()), ...refusals },
      },
    },
    async ({ params }, reply) => {
      const found = await findPipeline(params.pipelineId, answers);
      if (!found.ok) return sendRefusal(reply, found.failure);
      const { run, view } = found.value;
      const names = variablesOf(run.id, view, answers).keys();
      return answer(reply, [...names, ...(view ? builtIn(view) : [])]);
    },
  );

  scope.post(
    '/pipeline/:pipelineId/environment',
    {
      schema: {
        operationId: 'setEnvironmentVariable',
        summary: 'Gives a pipeline a variable for what begins from now on',
        tags,
        params: pipelineParams,
        body: variable,
        response: nothing,
      },
    },
    async ({ params, body: { name, value, type } }, reply) => {
      const given = { name, value, ...(type === 'secret' && { secret: true }) };
      const told = await tell(params.pipelineId, { do: 'set', by: client, ...given }, answers);
      return told.ok ? reply.send() : sendRefusal(reply, told.failure);
    },
  );

  scope.get(
    '/pipeline/:pipelineId/environment/:environmentVar',
    {
      schema: {
        operationId: 'getEnvironmentVariable',
        summary: 'A variable that a pipeline was given; the value of a secret is not shown',
        tags,
        params: pipelineParams.extend({ environmentVar: z.string().min(1).max(200) }),
        response: { 200: variable, ...refusals },
      },
    },
    async ({ params: { pipelineId, environmentVar: name } }, reply) => {
      const found = await findPipeline(pipelineId, answers);
      if (!found.ok) return sendRefusal(reply, found.failure);
      const { run, view } = found.value;
      const variables = variablesOf(run.id, view, answers);
      if (!variables.has(name)) return sendRefusal(reply, noVariable(name));
      const value = variables.get(name);
      const type = value === undefined ? 'secret' : 'environment';
      return answer(reply, { name, value: value ?? mask, type });
    },
  );
}

/** What a pipeline was given; a secret has no value. Of one that nobody has read yet, its order tells. */
function variablesOf(
  run: string,
  view: RunView | undefined,
  { loaded }: RunAnswers,
): ReadonlyMap<string, string | undefined> {
  if (view) return view.variables;
  const { variables = {}, secrets = {} } = loaded.kept(run)?.order ?? {};
  const hidden = Object.keys(secrets).map((name) => [name, undefined] as const);
  return new Map<string, string | undefined>([...Object.entries(variables), ...hidden]);
}

/** What every step finds besides. */
const builtIn = ({ plan }: RunView): readonly string[] => [
  ...new Set(
    plan.stages.flatMap(({ around }) => (around?.environment ?? []).map(({ name }) => name)),
  ),
];

const noVariable = (name: string) => ({
  status: 404,
  kind: 'no-variable',
  title: 'The pipeline was given no such variable',
  detail: `Nothing is called '${name}'.`,
});
