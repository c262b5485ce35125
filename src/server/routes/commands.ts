import { describeRefusal } from '../../control/describe-refusal.ts';
import { sendWhileRunning } from '../../control/send-command.ts';
import { runCommand } from '../../event/run-command.ts';
import { runFolder } from '../../journal/state-dir.ts';
import { sendProblem } from '../problem.ts';
import { toListed } from '../run-body.ts';
import * as wire from '../schemas.ts';
import { answer, noRun } from './parts.ts';

import type { z } from 'zod';
import type { ControlRefusal } from '../../control/message.ts';
import type { Unreached } from '../../control/send-command.ts';
import type { Problem } from '../problem.ts';
import type { RunAnswers, Routes } from './parts.ts';

/** Asks a run for something: the run itself takes the command, or says why not. */
export function commandRoutes(scope: Routes, { index, stateDir }: RunAnswers): void {
  scope.post(
    '/api/v1/runs/:run/commands',
    {
      schema: {
        summary: 'Asks a run to pause, to resume, to end, or to take an answer for an approval',
        description:
          'A paused run begins nothing more, and its services stay up; `resume` lets it go on `all` the way, to the `next` step, or up to and including a `step`. Answers once the run has taken the command.',
        tags: ['runs'],
        params: wire.runParams,
        body: runCommand as unknown as z.ZodType<z.output<typeof runCommand>>,
        response: { 200: wire.listedRun, ...wire.problems },
      },
    },
    async ({ params, body }, reply) => {
      const run = await index.find(params.run);
      if (!run) return sendProblem(reply, noRun(params.run));
      const now = () => index.find(run.id);
      const isRunning = async (): Promise<boolean> => (await now())?.outcome === 'running';
      const done =
        run.outcome === 'running'
          ? await sendWhileRunning(runFolder(stateDir, run.id), body, isRunning)
          : over;
      if (done.ok) return answer(reply, toListed((await now()) ?? run));
      const { failure } = (await isRunning()) ? done : over;
      return sendProblem(reply, refused(run.id, failure));
    },
  );
}

const over = { ok: false, failure: { kind: 'run-over' } } as const;

function refused(run: string, refusal: ControlRefusal | Unreached): Problem {
  return {
    status: statusOf(refusal),
    kind: refusal.kind,
    title: 'The run does not do that',
    detail: `The run ${run} ${describeRefusal(refusal)}.`,
  };
}

function statusOf({ kind }: ControlRefusal | Unreached): number {
  switch (kind) {
    case 'run-over':
    case 'not-paused':
    case 'step-over':
    case 'not-asked':
      return 409;
    case 'unknown-step':
    case 'bad-answer':
      return 422;
    case 'not-understood':
    case 'nobody-listens':
    case 'unreached':
      return 503;
    default:
      return kind satisfies never;
  }
}
