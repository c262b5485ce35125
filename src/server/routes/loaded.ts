import { askRun } from '../ask-run.ts';
import { sendProblem } from '../problem.ts';
import * as wire from '../schemas.ts';
import { answer, listed, noRun } from './parts.ts';

import type { Problem } from '../problem.ts';
import type { RunAnswers, Routes } from './parts.ts';

/** What a run has between its phases: variables, what it begins after, and names. */
export function loadedRoutes(scope: Routes, answers: RunAnswers): void {
  const { index, views, loaded } = answers;
  const tags = ['runs'];

  scope.get(
    '/api/v1/runs/:run/environment',
    {
      schema: {
        summary: 'The variables that a run was given, without the values of secrets',
        tags,
        params: wire.runParams,
        response: { 200: wire.environment, ...wire.problems },
      },
    },
    async ({ params }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      const view = await views.of(run.id);
      const order = view ? undefined : loaded.kept(run.id)?.order;
      const told = view?.variables ?? new Map(Object.entries(order?.variables ?? {}));
      const hidden = Object.keys(order?.secrets ?? {}).map((name) => [name, undefined] as const);
      const variables = [...told, ...hidden].map(([name, value]) =>
        value === undefined ? { name, secret: true } : { name, value, secret: false },
      );
      return answer(reply, { variables });
    },
  );

  scope.post(
    '/api/v1/runs/:run/environment',
    {
      schema: {
        summary: 'Gives a run a variable, or another value, for what begins from now on',
        tags,
        params: wire.runParams,
        body: wire.givenVariable,
        response: { 200: wire.listedRun, ...wire.problems },
      },
    },
    async ({ params, body }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      const asked = await askRun(run, { do: 'set', ...body }, answers);
      if (!asked.ok) return sendProblem(reply, asked.failure);
      return answer(reply, listed((await index.find(run.id)) ?? run, answers));
    },
  );

  scope.post(
    '/api/v1/runs/:run/link',
    {
      schema: {
        summary: 'Has a loaded run begin by itself once another has succeeded',
        tags,
        params: wire.runParams,
        body: wire.linkBody,
        response: { 200: wire.listedRun, ...wire.problems },
      },
    },
    async ({ params, body }, reply) => {
      const [run, before] = [await index.find(params.run), await index.find(body.after)];
      if (!run) return sendProblem(reply, noRun(params.run));
      if (!before) return sendProblem(reply, noRun(body.after));
      if (isBehind(before.id, run.id)) return sendProblem(reply, circular(run.id));
      const isLoaded = await loaded.beginAfter(run.id, { after: before.id, always: body.always });
      if (!isLoaded) return sendProblem(reply, notLoaded(run.id));
      return answer(reply, listed(run, answers));
    },
  );

  /** Whether `run` begins only after `other` has, or is it. */
  function isBehind(run: string, other: string): boolean {
    if (run === other) return true;
    const after = loaded.kept(run)?.begins?.after;
    return after !== undefined && isBehind(after, other);
  }

  scope.get(
    '/api/v1/aliases',
    {
      schema: {
        summary: 'The names that runs were given besides those of their pipelines',
        tags,
        response: { 200: wire.aliasList, ...wire.problems },
      },
    },
    () => ({ aliases: [...index.aliases()] }),
  );

  scope.post(
    '/api/v1/runs/:run/aliases',
    {
      schema: {
        summary: 'Gives a run one more name; another run that had it has it no more',
        tags,
        params: wire.runParams,
        body: wire.aliasBody,
        response: { 200: wire.listedRun, ...wire.problems },
      },
    },
    async ({ params, body }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      index.setAlias(body.alias, run.id);
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
