import { readJournal } from '../../journal/journal-reader.ts';
import { journalPath } from '../../journal/state-dir.ts';
import { lastLines, logBytes, someLines } from '../log-text.ts';
import { sendProblem } from '../problem.ts';
import { pull } from '../pull.ts';
import * as wire from '../schemas.ts';
import { answer, noRun, streamed, unknownTask } from './parts.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { RunAnswers, Routes } from './parts.ts';

/** Tells what the steps and services of a run print, as plain text. */
export function logRoutes(scope: Routes, { index, views, stateDir, isAlive }: RunAnswers): void {
  scope.get(
    '/api/v1/runs/:run/logs',
    {
      schema: {
        summary: 'What steps and services print, as plain text',
        description:
          'Of one task byte by byte; of all of them with the name of the task before each line.',
        tags: ['runs'],
        params: wire.runParams,
        querystring: wire.logQuery,
        response: streamed('text/plain', 'the lines'),
      },
    },
    async ({ params, query: { task, tail, follow, ...range } }, reply) => {
      const run = await index.find(params.run);
      const view = run && (await views.of(run.id));
      if (!run || !view) return sendProblem(reply, noRun(params.run));
      const wrong = unknownTask(view, task);
      if (wrong) return sendProblem(reply, wrong);
      const path = journalPath(stateDir, run.id);
      async function* text(signal: AbortSignal): AsyncGenerator<Buffer> {
        let next = 0;
        const read = (followed: boolean) =>
          counted(
            readJournal(path, {
              from: next,
              signal,
              follow: followed ? { isAlive } : undefined,
            }),
            (seq) => (next = seq + 1),
          );
        if (tail !== undefined) {
          const end = await lastLines(logBytes(read(false), task), tail);
          if (end.length > 0) yield end;
        }
        if (tail === undefined || follow) yield* someLines(logBytes(read(follow), task), range);
      }
      return answer(reply.type('text/plain; charset=utf-8'), pull(text));
    },
  );
}

async function* counted(
  records: AsyncIterable<JournalRecord>,
  count: (seq: number) => void,
): AsyncGenerator<JournalRecord> {
  for await (const record of records) {
    count(record.seq);
    yield record;
  }
}
