import { z } from 'zod';

import { fail, ok } from '../../base/result.ts';
import { nodesOfPlan } from '../../plan/order.ts';
import { problemType } from '../problem.ts';
import { toListed } from '../run-body.ts';
import * as wire from '../schemas.ts';

import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '../../base/result.ts';
import type { RunView } from '../../event/view.ts';
import type { IsAlive } from '../../journal/owner.ts';
import type { Problem } from '../problem.ts';
import type { LoadedRuns } from '../loaded-runs.ts';
import type { RunIndex } from '../run-index.ts';
import type { IndexedRun } from '../run-table.ts';
import type { RunViews } from '../run-views.ts';
import type { Turns } from '../turns.ts';

/** Routes whose schemas are zod's. */
export type Routes = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What is known of runs. */
export interface RunAnswers {
  readonly stateDir: string;
  readonly index: RunIndex;
  readonly views: RunViews;
  readonly loaded: LoadedRuns;
  readonly isAlive: IsAlive;
  /** Of those that work long for an answer. */
  readonly turns: Turns;
  /** How long a connection is silent at most. */
  readonly beatMs: number;
}

/** What is told of a run in a list, and in answer to what is asked of it. */
export function listed(run: IndexedRun, { loaded }: Pick<RunAnswers, 'loaded'>) {
  try {
    return toListed(run, run.outcome === 'loaded' ? loaded.told(run.id) : undefined);
  } catch {
    // What cannot be read of one in this moment is no reason not to tell of it, nor of the others.
    return toListed(run, undefined);
  }
}

/** Where the server was asked, as whoever asked names it. */
export const servedOf = ({ hostname, port, socket }: Asked) => ({
  host: hostname,
  port: port ?? socket.localPort ?? 0,
});

type Asked = Pick<FastifyRequest, 'hostname' | 'socket'> & { readonly port?: number | null };

/** There is no run that is meant. */
export const noRun = (wanted: string): Problem => ({
  status: 404,
  kind: 'no-run',
  title: 'There is no such run',
  detail: `Nothing is known of '${wanted}'. GET /api/v1/runs lists what there is.`,
});

/** There is the run, but nobody has read what it is made of. */
export const notRead: Problem = {
  status: 409,
  kind: 'not-read',
  title: 'Nothing is known of the steps of this run',
  detail: 'Its process has not read it yet, or has ended before it did.',
};

/** A run with what one looks at of it. */
export interface ReadRun {
  readonly run: IndexedRun;
  readonly view: RunView;
}

/** The run that is meant, once it has been read. */
export async function findRead(
  wanted: string,
  { index, views }: Pick<RunAnswers, 'index' | 'views'>,
): Promise<Result<ReadRun, Problem>> {
  const run = await index.find(wanted);
  if (!run) return fail(noRun(wanted));
  const view = await views.of(run.id);
  return view ? ok({ run, view }) : fail(notRead);
}

/** What is wrong with asking for what a task printed. */
export function unknownTask({ plan }: RunView, task: string | undefined): Problem | undefined {
  const tasks = nodesOfPlan(plan)
    .filter(({ kind }) => kind !== 'group')
    .map(({ id }) => id);
  if (task === undefined || tasks.includes(task)) return undefined;
  return {
    status: 404,
    kind: 'no-task',
    title: 'There is no such step or service in this run',
    detail: `Nothing is called '${task}'; there are: ${tasks.join(', ')}`,
  };
}

/** What answers of a kind that is not JSON are, for the description of a route. */
export const streamed = (type: string, description: string) => ({
  200: { description, content: { [type]: { schema: z.string() } } },
  '4xx': { description: 'why not', content: { [problemType]: { schema: wire.problems['4xx'] } } },
});

/** Answers with what the schema of the route describes and, at run time, checks. */
export const answer = (reply: FastifyReply, body: unknown): FastifyReply => reply.send(body);
