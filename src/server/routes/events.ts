import { ByteText } from '../../base/byte-text.ts';
import { addMessages, beat, endMessage, withBeats } from '../event-stream.ts';
import { sendProblem } from '../problem.ts';
import { runRecords } from '../run-records.ts';
import { isOpen } from '../run-table.ts';
import * as wire from '../schemas.ts';
import { sendPieces } from '../send-pieces.ts';
import { answer, noRun, streamed } from './parts.ts';

import type { IndexedRun } from '../run-table.ts';
import type { RunAnswers, Routes } from './parts.ts';

/** Tells what happens in a run, from any of its records on. */
export function eventRoutes(scope: Routes, answers: RunAnswers): void {
  const { index, views, isAlive, beatMs } = answers;
  /** Until when a run lived that is lost, as far as anybody knows. */
  const lastSign = async ({ id, endedAt = 0 }: IndexedRun): Promise<number | undefined> => {
    const lastAt = (await views.index(id)).lastAt ?? 0;
    return Math.max(endedAt, lastAt) || undefined;
  };
  scope.get(
    '/api/v1/runs/:run/events',
    {
      schema: {
        summary: 'What happened in a run, as server-sent events',
        description:
          'Each record of the run is one event, and its number is the id of that. A client that sends the last one as `Last-Event-ID` gets the rest, none missing and none twice. A run of which nothing has begun may get another process: then its records are others, from 0 on. The event `end` comes last, and tells of a run that is lost until when it lived; asked again after it, the answer is 204, and a browser asks no more.',
        tags: ['logs'],
        params: wire.runParams,
        querystring: wire.eventQuery,
        response: streamed('text/event-stream', 'one event for each record'),
      },
    },
    async ({ params, query, headers }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      const last = lastSeen(headers['last-event-id']);
      const from = query.from ?? (last === undefined ? 0 : last + 1);
      const log = await views.index(run.id);
      if (last !== undefined && !isOpen(run.outcome) && from >= log.next)
        return answer(reply.code(204), undefined);
      const follow = query.follow ? { isAlive } : undefined;
      const wanted = { from, output: query.output, follow, lends: true };
      async function* messages(signal: AbortSignal): AsyncGenerator<string | Buffer> {
        const text = new ByteText();
        for (let [before, read] = [run!, log]; ; read = await views.index(run!.id)) {
          let isBlank = true;
          for await (const records of runRecords(read, { ...wanted, signal })) {
            isBlank &&= records.length === 0;
            text.clear();
            addMessages(records, text);
            yield text.bytes;
          }
          const now = await index.find(run!.id);
          if (!query.follow || !now || isOpen(now.outcome)) return;
          // One that has not begun may have got its journal with its end, after it was looked for.
          if (!isBlank || !isOpen(before.outcome)) {
            yield endMessage(now.outcome, now.outcome === 'lost' ? await lastSign(now) : undefined);
            return;
          }
          before = now;
        }
      }
      reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no');
      return sendPieces(reply, (signal) => withBeats(messages(signal), beat, beatMs));
    },
  );
}

/** What a client says that it has seen, if it is a number of ours. */
const lastSeen = (header: string | string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
