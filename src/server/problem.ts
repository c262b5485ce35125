import { z } from 'zod';

import type { FastifyReply } from 'fastify';

/** Why a request is refused or cannot be answered, as RFC 9457 has it. Holds no secret and no stack. */
export interface Problem {
  readonly status: number;
  /** One word for programs, which never changes. */
  readonly kind: string;
  readonly title: string;
  /** What is wrong with this very request, and what to do. */
  readonly detail?: string;
}

/** The same on the wire. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:continuo:` and one word for programs'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().describe('what is wrong with this request, and what to do'),
  })
  .meta({ id: 'Problem', title: 'Problem', description: 'RFC 9457' });

export const problemType = 'application/problem+json';

export const toBody = ({ kind, title, status, detail }: Problem) => ({
  type: `urn:continuo:${kind}`,
  title,
  status,
  ...(detail !== undefined && { detail }),
});

/** Answers with a problem. */
export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .type(problemType)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(toBody(problem));
