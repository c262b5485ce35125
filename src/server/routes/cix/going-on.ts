import { setTimeout as delay } from 'node:timers/promises';

import { z } from 'zod';

import { isAborted } from '../../../base/abort.ts';
import { readJournal } from '../../../journal/journal-reader.ts';
import { journalPath } from '../../../journal/state-dir.ts';
import { beat, logMessages } from '../../cix/log-messages.ts';
import { afterLastPause, phase } from '../../cix/phase.ts';
import { withBeats } from '../../event-stream.ts';
import { isOpen } from '../../run-table.ts';
import { sendPieces } from '../../send-pieces.ts';
import { untilLeft } from '../../until-left.ts';
import { noRun } from '../parts.ts';
import { client, nothing, pipelineParams, sendRefusal, tell, waiting } from './parts.ts';

import type { FastifyReply } from 'fastify';
import type { Result } from '../../../base/result.ts';
import type { JournalRecord } from '../../../event/event.ts';
import type { ResumeTo } from '../../../event/run-command.ts';
import type { CixTable } from '../../cix/cix-table.ts';
import type { TellLines } from '../../cix/log-messages.ts';
import type { Problem } from '../../problem.ts';
import type { RunAnswers, Routes } from '../parts.ts';

export interface GoingOnParts extends RunAnswers {
  readonly cixTable: CixTable;
  /** Makes what tells the events of a run as CIX's own log does. */
  readonly cixLines: () => TellLines;
}

type Waiting = z.output<z.ZodObject<typeof waiting>> & {
  /** Through pauses, where it goes on to its end. */
  readonly untilOver?: boolean;
};

// These change something although they are GETs: CIX has them so.
const changes = { config: { isChange: true }, exposeHeadRoute: false } as const;

/** Has pipelines go on, pause and end. */
export function goingOnRoutes(scope: Routes, parts: GoingOnParts): void {
  const toEnd = z.strictObject({
    ...waiting,
    step: z.string().min(1).max(1_000).optional().describe('pause after this step or group'),
  });
  const schema = (operationId: string, summary: string) =>
    ({
      ...{ operationId, summary, tags: ['Pipeline'] },
      ...{ params: pipelineParams, response: nothing },
    }) as const;

  for (const [path, operationId, untilOver] of [
    ['start', 'startPipeline', true],
    ['resume', 'resumePipeline', false],
  ] as const)
    scope.get(
      `/pipeline/:pipelineId/${path}`,
      {
        ...changes,
        schema: {
          ...schema(operationId, 'Has a pipeline go on, to its end or to a step'),
          querystring: toEnd,
        },
      },
      ({ params, query }, reply) =>
        resume(params.pipelineId, farOf(query), { ...query, untilOver }, reply, parts),
    );

  scope.get(
    '/pipeline/:pipelineId/next-step',
    {
      ...changes,
      schema: {
        ...schema('nextPipelineStep', 'Has a pipeline go on by one step'),
        querystring: z.strictObject(waiting),
      },
    },
    ({ params, query }, reply) => resume(params.pipelineId, 'next', query, reply, parts),
  );

  for (const [path, operationId] of [
    ['pause', 'pausePipeline'],
    ['kill', 'killPipeline'],
  ] as const)
    scope.get(
      `/pipeline/:pipelineId/${path}`,
      {
        ...changes,
        schema: schema(
          operationId,
          path === 'pause' ? 'Has a pipeline begin nothing more' : 'Ends a pipeline, cleaned up',
        ),
      },
      async ({ params }, reply) => {
        const told = await tell(params.pipelineId, { do: path, by: client }, parts);
        if (!told.ok) return sendRefusal(reply, told.failure);
        if (path === 'kill') await untilOver(params.pipelineId, reply, parts);
        return reply.send();
      },
    );
}

/** A step that is not there is passed by: CIX says that the pipeline runs to its end then. */
async function resume(
  wanted: string,
  to: ResumeTo,
  { blocking, remoteLogs, untilOver = false }: Waiting,
  reply: FastifyReply,
  parts: GoingOnParts,
): Promise<FastifyReply> {
  const { stateDir, index, isAlive } = parts;
  const run = await index.find(wanted);
  if (!run) return sendRefusal(reply, noRun(wanted));
  const { id } = run;
  const path = journalPath(stateDir, id);
  const from = await afterLastPause(path);
  let far = to;
  const left = untilLeft(reply);
  const goOn = async (): Promise<Result<void, Problem>> => {
    for (;;) {
      const told = await tell(id, { do: 'resume', by: client, to: far }, parts);
      const waits = !told.ok && told.failure.kind === 'being-read' && blocking === 'true';
      if (!waits || isAborted(left)) return told;
      await delay(pollMs, undefined, { signal: left }).catch(() => undefined);
    }
  };
  const chain = linkedBehind(id, parts);
  let told = await goOn();
  if (!told.ok && told.failure.kind === 'unknown-step') {
    far = 'all';
    told = await goOn();
  }
  if (!told.ok) return sendRefusal(reply, told.failure);
  if (blocking === 'false') return reply.send();
  const follow = (signal: AbortSignal) => {
    const options = { signal, follow: { isAlive } };
    return untilOver && far === 'all' ? readJournal(path, options) : phase(path, from, options);
  };
  const next = (signal: AbortSignal) => (far === 'all' ? recordsOf(chain, id, parts, signal) : []);
  async function* messages(signal: AbortSignal): AsyncGenerator<string> {
    yield* logMessages(follow(signal), parts.cixLines(), from);
    for await (const records of next(signal)) yield* logMessages(records, parts.cixLines(), 0);
  }
  if (remoteLogs === 'true')
    return sendPieces(reply.type('application/x-ndjson; charset=utf-8'), (signal) =>
      withBeats(messages(signal), beat, parts.beatMs),
    );
  await drain(follow(left));
  for await (const records of next(left)) await drain(records);
  return reply.send();
}

/** The runs that begin by themselves after this one, each after the one before it. */
function linkedBehind(run: string, { loaded, cixTable }: GoingOnParts): readonly string[] {
  const chain = cixTable.after(run);
  const end = chain.findIndex((id, at) => loaded.told(id)?.after !== (chain[at - 1] ?? run));
  return end === -1 ? chain : chain.slice(0, end);
}

/** The records of each run of a chain once it has begun, as long as the one before it is over. */
async function* recordsOf(
  chain: readonly string[],
  first: string,
  { stateDir, index, loaded, isAlive }: GoingOnParts,
  signal: AbortSignal,
): AsyncGenerator<AsyncGenerator<JournalRecord>> {
  const run = await index.find(first);
  if (run && isOpen(run.outcome)) return;
  for (const [at, id] of chain.entries()) {
    const waits = (): boolean =>
      !signal.aborted && loaded.kept(id)?.begins?.after === (chain[at - 1] ?? first);
    while (waits()) await delay(pollMs, undefined, { signal }).catch(() => undefined);
    // It has come to begin after another, or when somebody has it begin, or nobody can open what it is kept by.
    if (signal.aborted || loaded.told(id)) return;
    yield readJournal(journalPath(stateDir, id), { signal, follow: { isAlive } });
  }
}

const pollMs = 100;

const farOf = ({ step }: { step?: string | undefined }): ResumeTo =>
  step === undefined ? 'all' : { step };

/** What was killed is gone when that is answered, as in CIX. */
async function untilOver(
  wanted: string,
  reply: FastifyReply,
  { index, stateDir, isAlive }: GoingOnParts,
): Promise<void> {
  const run = await index.find(wanted);
  if (!run) return;
  const options = { signal: untilLeft(reply), follow: { isAlive } };
  await drain(readJournal(journalPath(stateDir, run.id), options));
  await index.refresh();
}

async function drain(records: AsyncIterator<unknown>): Promise<void> {
  while ((await records.next()).done !== true);
}
