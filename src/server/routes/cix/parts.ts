import { z } from 'zod';

import { fail, ok } from '../../../base/result.ts';
import { askRun } from '../../ask-run.ts';
import { sendProblem } from '../../problem.ts';
import * as wire from '../../schemas.ts';
import { noRun } from '../parts.ts';

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Result } from '../../../base/result.ts';
import type { RunCommand } from '../../../event/run-command.ts';
import type { RunView } from '../../../event/view.ts';
import type { Problem } from '../../problem.ts';
import type { IndexedRun } from '../../run-table.ts';
import type { RunAnswers } from '../parts.ts';

/** Who is meant to have done what is asked by these routes: they tell no name. */
export const client = 'a client of CIX';

const word = z.string().min(1).max(200);

export const pipelineParams = z.object({ pipelineId: word });
export const aliasParams = z.object({ pipelineAlias: word });

const flag = z.enum(['true', 'false']);

/** How a client waits for what it has asked for. */
export const waiting = {
  blocking: flag
    .default('true')
    .describe(
      'answers when the pipeline is paused or over, `start` of a whole one when it is over; and when all that is linked to it is over, too',
    ),
  remoteLogs: flag.default('false').describe('the answer is the log, a JSON object in each line'),
};

/** What every route of CIX answers with when it cannot do what is asked. */
export const refusals = wire.problems;

/** An answer without a body. */
export const nothing = { 200: z.unknown().describe('nothing'), ...refusals };

/** Has every problem of a scope tell its sentence as `message`, too: clients of CIX look there. */
export function tellMessages(scope: FastifyInstance): void {
  scope.addHook('preSerialization', (_request, _reply, payload, done) => {
    const { title, detail } = payload as { title?: string; detail?: string };
    const isProblem = title !== undefined && 'type' in (payload as object);
    done(null, isProblem ? { ...(payload as object), message: detail ?? title } : payload);
  });
}

/** What CIX answers with 400 has other statuses with us. */
export const sendRefusal = (reply: FastifyReply, problem: Problem): FastifyReply =>
  sendProblem(reply, { ...problem, status: asCix.get(problem.status) ?? problem.status });

const asCix = new Map([
  [409, 400],
  [422, 400],
]);

/** A run with what one looks at of it. */
export interface Found {
  readonly run: IndexedRun;
  readonly view: RunView | undefined;
}

/** The run that is meant. */
export async function findPipeline(
  wanted: string,
  { index, views }: RunAnswers,
): Promise<Result<Found, Problem>> {
  const run = await index.find(wanted);
  return run ? ok({ run, view: await views.of(run.id) }) : fail(noRun(wanted));
}

/** Has a pipeline take a command, or says why it does not. */
export async function tell(
  wanted: string,
  command: RunCommand,
  answers: RunAnswers,
): Promise<Result<void, Problem>> {
  const run = await answers.index.find(wanted);
  return run ? askRun(run, command, answers) : fail(noRun(wanted));
}
