import type { TryRequest } from './to-request.ts';

/** The beginning of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly type: string;
}

/** Hears of an answer while it comes. */
export interface AnswerListener {
  readonly head: (head: AnswerHead) => void;
  readonly text: (piece: string) => void;
}

/** Asks the server, as whom the cookie of this browser tells. Rejects when it cannot be reached, or `signal` aborts. */
export async function sendTry(
  { method, path, body }: TryRequest,
  listener: AnswerListener,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(path, {
    ...{ method, signal, credentials: 'same-origin', redirect: 'manual' },
    ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
  });
  const { status, statusText, headers } = response;
  const type = headers.get('content-type') ?? '';
  listener.head({ status, statusText, type, headers: [...headers] });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    listener.text(value);
  }
}
