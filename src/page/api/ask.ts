import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';

/** Why the server did not do what it was asked. */
export interface Refusal {
  /** 0: it was not reached at all. */
  readonly status: number;
  /** One sentence or two, to be shown. */
  readonly words: string;
  /** What is told below them as it is, line by line: the mistakes of a pipeline. */
  readonly lines?: string;
}

/** It would refuse again. What was too often, or too early, may be asked later. */
export const isForGood = ({ status }: Refusal): boolean =>
  status >= 400 && status < 500 && status !== 409 && status !== 429;

/** What is in the way, and whether that is for good. */
export const troubleWords = (trouble: Refusal): string =>
  `${trouble.words}${isForGood(trouble) ? '' : ' Trying again …'}`;

/** Asks the server, as whom the cookie of this browser tells. Rejects only when the signal aborts. */
export async function ask(
  path: string,
  init: RequestInit = {},
): Promise<Result<Response, Refusal>> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin' });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    return fail({ status: 0, words: 'The server does not answer.' });
  }
  return response.ok ? ok(response) : fail(await readRefusal(response));
}

/** Asks for JSON, which the schema of the route promises to be of this type. */
export async function askJson<T>(path: string, init?: RequestInit): Promise<Result<T, Refusal>> {
  const asked = await ask(path, init);
  if (!asked.ok) return asked;
  try {
    return ok((await asked.value.json()) as T);
  } catch (error) {
    if (init?.signal?.aborted === true) throw error;
    return fail({ status: 0, words: 'The answer of the server broke off.' });
  }
}

/** Hands something over that changes a run. */
export const post = (path: string, body: unknown): Promise<Result<Response, Refusal>> =>
  ask(path, handingOver(body));

/** The same where something new comes of it, which is the answer. */
export const postForJson = <T>(path: string, body: unknown): Promise<Result<T, Refusal>> =>
  askJson<T>(path, handingOver(body));

const handingOver = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function readRefusal(response: Response): Promise<Refusal> {
  const { status } = response;
  if (status === 401)
    return {
      status,
      words: 'This browser is not known to the server: open the link that it prints at its start.',
    };
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  const { title = `The server answered ${status}`, detail } = problem;
  if (detail?.includes('\n') === true) return { status, words: `${title}.`, lines: detail };
  return { status, words: detail === undefined ? `${title}.` : `${title}: ${detail}` };
}
